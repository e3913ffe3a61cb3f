import type { AccountView } from "../generated/AccountView";
import type { Choosable } from "../generated/Choosable";
import type { Guard as Rule } from "../generated/Guard";
import type { Leaving } from "../generated/Leaving";
import { isolate } from "../words";
import type { Ask } from "./account";
import { Fold } from "./fold";
import { choosable, StatusOptions } from "./status-options";

const WAYS: readonly [Leaving, string, string][] = [
  ["lock", "locking", "I lock the screen"],
  ["sleep", "sleep", "the computer goes to sleep"],
  ["shutdown", "shutdown", "it shuts down"],
  ["quit", "quitting", "I quit Statuslight"],
];
/** Who locks the screen may only be getting coffee. */
const USUAL: Leaving[] = ["sleep", "shutdown", "quit"];

/** The status to go to on leaving the computer, and on which ways of leaving. */
export function Guard({ account: { account, guard, statuses }, ask }: { account: AccountView; ask: Ask }) {
  const offered = choosable(statuses).filter((status) => status.kind !== "online");
  if (offered.length === 0 && !guard) return null;
  const to = offered.find((status) => status.id === guard?.to);
  const set = (to: string, on: Leaving[]) =>
    ask({ do: "set_guard", account, guard: to && on.length > 0 ? { to, on } : null });

  const usual = offered.find((status) => status.kind === "offline") ?? offered[0];

  return (
    <Fold name="guard" title="When I leave the computer" state={inShort(guard, to)}>
      <label class="way">
        <input
          type="checkbox"
          checked={guard !== null}
          onChange={(event) => set(event.currentTarget.checked ? (usual?.id ?? "") : "", USUAL)}
        />{" "}
        Switch me when I leave the computer
      </label>
      {guard && (
        <p class="field">
          <label>
            Switch me to{" "}
            <select value={to?.id ?? "gone"} onChange={(event) => set(event.currentTarget.value, guard.on)}>
              {!to && (
                <option value="gone" disabled>
                  A status that cannot be chosen now
                </option>
              )}
              <StatusOptions statuses={offered} />
            </select>
          </label>
        </p>
      )}
      {guard &&
        WAYS.map(([way, , words]) => (
          <label key={way} class="way">
            <input
              type="checkbox"
              checked={guard.on.includes(way)}
              onChange={(event) => {
                const others = guard.on.filter((one) => one !== way);
                set(guard.to, event.currentTarget.checked ? [...others, way] : others);
              }}
            />{" "}
            when {words}
          </label>
        ))}
      {guard && <p class="small">On your return you are offered the status you had.</p>}
    </Fold>
  );
}

function inShort(guard: Rule | null, to: Choosable | undefined): string {
  if (!guard) return "stay as I am";
  const ways = WAYS.filter(([way]) => guard.on.includes(way)).map(([, short]) => short);
  return `${to ? isolate(to.name) : "a status that cannot be chosen now"}, on ${ways.join(", ")}`;
}
