import { useId, useRef } from "preact/hooks";
import type { AccountId } from "../generated/AccountId";
import type { TimedView } from "../generated/TimedView";
import { useHandBackFocus } from "../hooks";
import { clock } from "../words";
import type { Ask } from "./account";

type Props = {
  account: AccountId;
  timed: TimedView;
  now: number;
  ask: Ask;
  home: () => HTMLElement | null;
};

/** When the status ends, what comes back then, and the two ways to have it otherwise. */
export function Timed({ account, timed, now, ask, home }: Props) {
  const part = useRef<HTMLDivElement>(null);
  const id = useId();
  useHandBackFocus(part, home);
  const { until, back_to } = timed;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; these are a line and two buttons
    <div class="timed" role="group" aria-labelledby={id} ref={part}>
      <p id={id}>
        Until {clock(until, now)}, then <bdi>{back_to.name}</bdi>
      </p>
      <p class="buttons">
        <button type="button" onClick={() => ask({ do: "put_back", account, status: back_to.id })}>
          Back to <bdi>{back_to.name}</bdi> now
        </button>
        <button type="button" onClick={() => ask({ do: "extend", account, until })}>
          Extend by 15 min
        </button>
      </p>
    </div>
  );
}
