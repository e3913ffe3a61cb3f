import { useState } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import type { Action } from "../generated/Action";
import type { Failure } from "../generated/Failure";
import type { StatusKind } from "../generated/StatusKind";
import { act, failure } from "../ipc";
import { kindWords } from "../words";
import { choosable, StatusOptions } from "./status-options";

const KINDS: readonly StatusKind[] = ["online", "away", "transfers_only", "offline"];

/** One choice for all accounts, and what each kind means in each of them. */
export function Everywhere({ accounts }: { accounts: AccountView[] }) {
  const [problem, setProblem] = useState<Failure | null>(null);
  if (accounts.length < 2) return null;
  const ask = (action: Action) => {
    setProblem(null);
    act(action).catch((error) => setProblem(failure(error)));
  };
  return (
    <section class="account" aria-labelledby="everywhere">
      <h3 id="everywhere">All accounts</h3>
      <p class="buttons">
        {KINDS.map((kind) => {
          const nowhere = !accounts.some((account) => meaning(account, kind)?.status);
          return (
            <button
              key={kind}
              type="button"
              aria-disabled={nowhere}
              onClick={() => nowhere || ask({ do: "choose_everywhere", kind })}
            >
              {kindWords(kind)}
            </button>
          );
        })}
      </p>
      {problem && <p role="alert">{problem.message}</p>}
      <details>
        <summary>What each of these means</summary>
        {accounts.map((account) => (
          <Meanings key={account.account} account={account} ask={ask} />
        ))}
      </details>
    </section>
  );
}

/** What each kind means in one account, to be changed. */
function Meanings({ account, ask }: { account: AccountView; ask: (action: Action) => void }) {
  const choose = (kind: StatusKind, id: string) =>
    ask({ do: "map_everywhere", account: account.account, kind, status: id || null });
  return (
    <fieldset>
      <legend>{account.account}</legend>
      {KINDS.map((kind) => {
        const means = meaning(account, kind);
        const own = means && !means.mapped ? means.status?.name : null;
        return (
          <p key={kind} class="field">
            <label>
              {kindWords(kind)}{" "}
              <select
                value={means?.mapped ? (means.status?.id ?? "gone") : ""}
                onChange={(event) => choose(kind, event.currentTarget.value)}
              >
                <option value="">By itself{own ? `: ${own}` : ""}</option>
                {means?.mapped && !means.status && (
                  <option value="gone" disabled>
                    Cannot be chosen now
                  </option>
                )}
                <StatusOptions statuses={choosable(account.statuses)} />
              </select>
            </label>
          </p>
        );
      })}
    </fieldset>
  );
}

function meaning(account: AccountView, kind: StatusKind) {
  return account.everywhere.find((one) => one.kind === kind);
}
