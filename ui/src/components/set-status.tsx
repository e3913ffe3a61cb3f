import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Choosable } from "../generated/Choosable";
import type { TeamAgent } from "../generated/TeamAgent";
import { useHandBackFocus } from "../hooks";
import { StatusOptions } from "./status-options";

type Props = {
  agent: TeamAgent;
  statuses: readonly Choosable[];
  set: (status: Choosable) => void;
  close: () => void;
};

/** Asks which status another agent is to have, and once more before it is set. */
export function SetStatus({ agent, statuses, set, close }: Props) {
  const [chosen, setChosen] = useState<Choosable | null>(null);
  const select = useRef<HTMLSelectElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const part = useRef<HTMLDivElement>(null);
  const row = useRef<Element | null>(null);
  const id = useId();
  useLayoutEffect(() => {
    row.current = part.current?.parentElement ?? null;
  }, []);
  useHandBackFocus(part, () => row.current?.querySelector<HTMLElement>(":scope > button"));
  useLayoutEffect(() => {
    if (chosen) cancel.current?.focus();
    else select.current?.focus();
  }, [chosen]);
  const choosable = statuses.filter((status) => status.id !== agent.status?.id && mayUse(agent, status));

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; this is a question and its answers
    <div
      ref={part}
      class="confirm"
      role="group"
      aria-labelledby={id}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      {chosen ? (
        <p id={id}>
          Set <bdi>{agent.name}</bdi> from <bdi>{agent.status?.name}</bdi> to <bdi>{chosen.name}</bdi>? It
          changes which work they receive at once.
        </p>
      ) : (
        <p id={id}>
          Which status for <bdi>{agent.name}</bdi>?
        </p>
      )}
      <p class="buttons">
        {chosen ? (
          <button type="button" class="main" onClick={() => set(chosen)}>
            Set to <bdi>{chosen.name}</bdi>
          </button>
        ) : (
          <select
            ref={select}
            aria-label={`New status of ${agent.name}`}
            value=""
            onChange={(event) => {
              const { value } = event.currentTarget as HTMLSelectElement;
              setChosen(choosable.find((status) => status.id === value) ?? null);
            }}
          >
            <option value="" disabled>
              Choose a status
            </option>
            <StatusOptions statuses={choosable} />
          </select>
        )}
        <button ref={cancel} type="button" onClick={close}>
          Cancel
        </button>
      </p>
    </div>
  );
}

/** Whether the agent's groups may use a status. */
function mayUse(agent: TeamAgent, status: Choosable): boolean {
  const groups = status.group_ids;
  return groups.length === 0 || groups.some((group) => agent.group_ids.includes(group));
}
