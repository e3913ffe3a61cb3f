import { useId } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import type { CallStatus } from "../generated/CallStatus";
import type { PhoneView } from "../generated/PhoneView";
import type { Via } from "../generated/Via";
import { clock, isolate } from "../words";
import type { Ask } from "./account";
import { Fold } from "./fold";
import { choosable, StatusOptions } from "./status-options";

const CALLS: Record<CallStatus, string> = {
  on_call: "on a call",
  wrap_up: "wrapping up",
  busy: "busy on the phone",
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
  const closed = account.link === "signed_out" || account.link === "locked" || phone.barred !== null;
  return (
    <>
      {phone.failed && (
        <p role="alert">
          You do not answer {words(phone.failed.to)}: {phone.failed.failure.message}
        </p>
      )}
      <Fold name="phone" title="Phone" state={inShort(phone, now)}>
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
      </Fold>
    </>
  );
}

/** During a call, what is to follow it. */
function AfterCall({ account, phone, ask }: { account: AccountView; phone: PhoneView; ask: Ask }) {
  const id = useId();
  const chosen = phone.after_call?.id ?? "";
  return (
    <p>
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

function inShort({ via, call, call_since, after_call, switching_to }: PhoneView, now: number): string {
  const where = switching_to
    ? `switching to answering ${words(switching_to)}\u2026`
    : via
      ? words(via)
      : "where calls ring is not known just now";
  const since = call_since ? ` since ${clock(call_since, now)}` : "";
  const then = after_call ? `, then ${isolate(after_call.name)}` : "";
  // Where nothing was read, nobody knows of no call either.
  const calls = call ? `, ${CALLS[call]}${since}` : via ? ", not on a call" : "";
  return `${where}${calls}${then}`;
}
