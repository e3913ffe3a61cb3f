import type { RefObject } from "preact";
import type { AccountView } from "../generated/AccountView";
import { certainty, duration, whole } from "../words";
import { Light } from "./light";

type Props = { account: AccountView; now: number; heading: RefObject<HTMLHeadingElement | null>; id: string };

/** The current status, how sure it is, since when, and why. */
export function Now({ account, now, heading, id }: Props) {
  const since = duration(account, now);
  // An offer tells the reason itself.
  const reason = since && !account.offer && account.reason_in_words;
  return (
    <div class="now">
      <Light light={account.light} />
      <div class="text">
        <div aria-live="polite">
          <h2 id={id} ref={heading} tabIndex={-1} class="headline" title={whole(account.headline)}>
            <bdi>{account.headline}</bdi>
          </h2>
        </div>
        <p class="certainty">{certainty(account, now)}</p>
        {since && <p>{since}</p>}
        {reason && <p>{reason}</p>}
        {account.note && <p class="small">{account.note}</p>}
      </div>
    </div>
  );
}
