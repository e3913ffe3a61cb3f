import type { AccountView } from "../generated/AccountView";
import type { Leaving } from "../generated/Leaving";
import type { Ask } from "./account";
import { choosable, StatusOptions } from "./status-options";

const WAYS: readonly [Leaving, string][] = [
  ["lock", "I lock the screen"],
  ["sleep", "the computer goes to sleep"],
  ["shutdown", "it shuts down"],
  ["quit", "I quit Statuslight"],
];
/** Who locks the screen may only be getting coffee. */
const USUAL: Leaving[] = ["sleep", "shutdown", "quit"];

/** The status to go to on leaving the computer, and on which ways of leaving. */
export function Guard({ account: { account, guard, statuses }, ask }: { account: AccountView; ask: Ask }) {
  const offered = choosable(statuses).filter((status) => status.kind !== "online");
  if (offered.length === 0 && !guard) return null;
  const gone = guard && !offered.some((status) => status.id === guard.to);
  const set = (to: string, on: Leaving[]) =>
    ask({ do: "set_guard", account, guard: to && on.length > 0 ? { to, on } : null });

  const usual = offered.find((status) => status.kind === "offline") ?? offered[0];

  return (
    <div class="guard">
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
            <select
              value={gone ? "gone" : guard.to}
              onChange={(event) => set(event.currentTarget.value, guard.on)}
            >
              {gone && (
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
        WAYS.map(([way, words]) => (
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
      {guard && <p class="note">On your return you are offered the status you had.</p>}
    </div>
  );
}
