import { useId } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import type { CallStatus } from "../generated/CallStatus";
import type { PhoneView } from "../generated/PhoneView";
import type { Via } from "../generated/Via";
import { clock } from "../words";
import type { Ask } from "./account";
import { choosable, StatusOptions } from "./status-options";

const CALLS: Record<CallStatus, string> = {
  on_call: "On a call",
  wrap_up: "Wrapping up",
  busy: "Busy on the phone",
};

const VIAS: [Via, string][] = [
  ["client", "in the browser"],
  ["phone", "by phone"],
];

/** Where calls ring, whether one is under way, and how to answer elsewhere. */
export function Phone({
  account,
  phone,
  now,
  ask,
}: {
  account: AccountView;
  phone: PhoneView;
  now: number;
  ask: Ask;
}) {
  const id = useId();
  const closed = account.link === "signed_out" || account.link === "locked" || phone.barred !== null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; these are a story and its two answers
    <div class="phone" role="group" aria-labelledby={id}>
      <h3 id={id}>Phone</h3>
      <p aria-live="polite">{lines(phone, now)}</p>
      {phone.failed && (
        <p role="alert">
          You do not answer {words(phone.failed.to)}: {phone.failed.failure.message}
        </p>
      )}
      <p class="buttons">
        {VIAS.map(([via, text]) => (
          <button
            key={via}
            type="button"
            aria-pressed={phone.via === via}
            aria-disabled={closed}
            onClick={() => closed || ask({ do: "answer_by", account: account.account, via })}
          >
            Answer {text}
          </button>
        ))}
      </p>
      {(phone.call || phone.after_call) && <AfterCall account={account} phone={phone} ask={ask} />}
      {phone.barred && <p class="about">{phone.barred}</p>}
    </div>
  );
}

/** During a call, what is to follow it. */
function AfterCall({ account, phone, ask }: { account: AccountView; phone: PhoneView; ask: Ask }) {
  const id = useId();
  const chosen = phone.after_call?.id ?? "";
  return (
    <p class="after-call">
      <label for={id}>After this call</label>{" "}
      <select
        id={id}
        value={chosen}
        onChange={({ currentTarget }) => {
          const status = currentTarget.value;
          // Only the program's word shows what is set.
          currentTarget.value = chosen;
          ask(
            status
              ? { do: "choose_after_call", account: account.account, status }
              : { do: "forget_after_call", account: account.account },
          );
        }}
      >
        <option value="">Stay as I am</option>
        <StatusOptions statuses={choosable(account.statuses)} />
      </select>
    </p>
  );
}

function words(wanted: Via): string {
  return VIAS.find(([via]) => via === wanted)?.[1] ?? "";
}

function lines(phone: PhoneView, now: number): string {
  const since = phone.call_since ? ` since ${clock(phone.call_since, now)}` : "";
  const call = phone.call ? `${CALLS[phone.call]}${since}. ` : "";
  if (phone.switching_to) return `${call}Switching to answering ${words(phone.switching_to)}\u2026`;
  return `${call}${phone.via ? `You answer ${words(phone.via)}.` : "Where calls ring is not known just now."}`;
}
