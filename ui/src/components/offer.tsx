import { useId, useRef } from "preact/hooks";
import type { AccountId } from "../generated/AccountId";
import type { Offer as Offered } from "../generated/Offer";
import { useHandBackFocus } from "../hooks";
import { clock } from "../words";
import type { Ask } from "./account";

type Props = {
  account: AccountId;
  offer: Offered;
  now: number;
  ask: Ask;
  home: () => HTMLElement | null;
};

/** What happened without the agent, and what can be done about it. */
export function Offer({ account, offer, now, ask, home }: Props) {
  const part = useRef<HTMLDivElement>(null);
  const id = useId();
  useHandBackFocus(part, home);
  const at = clock(offer.at, now);
  const [from, to] = [<bdi key="from">{offer.from}</bdi>, <bdi key="to">{offer.to}</bdi>];
  const back = offer.put_back;
  const forced = offer.because === "forced_change";
  const called = offer.because === "call_ended";
  const guarded = offer.because === "guarded";

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; these are a story and its two answers
    <div class="offer" role="group" aria-labelledby={id} ref={part}>
      <h3 id={id}>
        {forced ? (
          <>You were moved to {to}</>
        ) : guarded ? (
          <>Welcome back: you are in {to}</>
        ) : called ? (
          <>Your call is over</>
        ) : (
          <>
            Your time in {from} ended at {at}
          </>
        )}
      </h3>
      <p>
        {forced || guarded ? (
          <>
            At {at}, from {from} to {to}.{" "}
          </>
        ) : (
          <>You are still in {from}. </>
        )}
        {offer.reason_in_words}
        {!back && <> You cannot be put back, since that status cannot be chosen now.</>}
      </p>
      <p class="buttons">
        {back && (
          <button
            type="button"
            class="main"
            onClick={() => ask({ do: "put_back", account, status: back.id })}
          >
            {called ? "Switch" : guarded ? "Back" : "Put me back"} to <bdi>{back.name}</bdi>
          </button>
        )}
        <button type="button" onClick={() => ask({ do: "keep", account, at: offer.at })}>
          Keep {to}
        </button>
      </p>
    </div>
  );
}
