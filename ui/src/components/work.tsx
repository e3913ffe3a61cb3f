import type { AccountView } from "../generated/AccountView";
import type { Certainty } from "../generated/Certainty";
import { clock, deskWords } from "../words";
import { channelLine, workWords } from "../work";
import { Fold } from "./fold";

/** Whether work comes: what each channel receives now, as far as the help desk told. */
export function Work({ account, now }: { account: AccountView; now: number }) {
  const { helpdesk, link, channels, certainty, as_of } = account;
  // Only Zendesk has channels. Signing in again is all that counts for who is signed out.
  if (helpdesk !== "zendesk" || link === "signed_out") return null;
  const isStale = certainty === "unknown";
  const isTold = channels.length > 0;
  return (
    <Fold name="work" title="Work" state={isTold ? SURE[certainty](workWords(channels)) : NOT_KNOWN}>
      {isTold ? (
        <>
          {isStale && <p>Last known{as_of && `, not confirmed since ${clock(as_of, now)}`}:</p>}
          <ul>
            {channels.map((channel) => (
              <li key={channel.name}>
                <p>{channelLine(channel)}</p>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>{deskWords(helpdesk)} has not told what each channel receives.</p>
      )}
    </Fold>
  );
}

const NOT_KNOWN = "not known just now";

const SURE: Record<Certainty, (words: string) => string> = {
  confirmed: (words) => words,
  projected: (words) => `${words}, nothing else is known`,
  assumed: (words) => `${words} (unconfirmed)`,
  unknown: () => NOT_KNOWN,
};
