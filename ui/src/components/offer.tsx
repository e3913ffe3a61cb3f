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
  const phone = offer.because === "phone_moved";
  const together = offer.changes > 1 ? `, the last of ${offer.changes} changes in a row` : "";
  const called = offer.because === "call_ended";
  const guarded = offer.because === "guarded";

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; these are a story and its answers
    <div class="offer" role="group" aria-labelledby={id} ref={part}>
      <h3 id={id}>
        {forced ? (
          <>You were moved to {to}</>
        ) : guarded ? (
          <>Welcome back: you are in {to}</>
        ) : phone ? (
          <>Your phone channel went {offer.to.replace(/^Phone: /, "")}</>
        ) : called ? (
          <>Your call is over</>
        ) : (
          <>
            Your time in {from} ended at {at}
          </>
        )}
      </h3>{" "}
      <p class="why">
        {forced || guarded || phone ? (
          <>
            At {at}, from {from}
            {together}.{" "}
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
          {phone ? "Keep it as it is" : <>Keep {to}</>}
        </button>
        <button type="button" onClick={() => ask({ do: "snooze", account, at: offer.at })}>
          Snooze 10 min
        </button>
      </p>
    </div>
  );
}
