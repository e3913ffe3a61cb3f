import type { AccountView } from "../generated/AccountView";
import type { Ask } from "./account";
import { Fold } from "./fold";

/** What an account is among several: whether it counts for the one light, and which one comes first. */
export function Among({ account, all, ask }: { account: AccountView; all: AccountView[]; ask: Ask }) {
  if (all.length < 2) return null;
  const last = account.relevant && all.filter((one) => one.relevant).length === 1;
  const counts = account.relevant ? "counts for the light" : "does not count for the light";
  return (
    <Fold name="among" title="Among the accounts" state={account.default ? `the first, ${counts}` : counts}>
      <p class="buttons">
        <button
          type="button"
          aria-pressed={account.relevant}
          aria-disabled={last}
          onClick={() => last || ask({ do: "mark", account: account.account, relevant: !account.relevant })}
        >
          Counts for the light
        </button>
        {!account.default && (
          <button type="button" onClick={() => ask({ do: "make_default", account: account.account })}>
            Make it the first account
          </button>
        )}
      </p>
    </Fold>
  );
}
