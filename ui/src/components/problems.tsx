import type { AccountView } from "../generated/AccountView";
import type { Failure } from "../generated/Failure";
import { retry } from "../words";

/** What went wrong: each thing once. */
export function Problems(props: { account: AccountView; problem: Failure | null; now: number }) {
  const { account, problem, now } = props;
  const { failed } = account;
  const said = failed?.failure.message;
  const trouble = troubling(account) ? account.trouble : null;
  return (
    <>
      {failed && (
        <p role="alert">
          <strong>
            Not switched to <bdi>{failed.to.name}</bdi>.
          </strong>{" "}
          {failed.failure.message} {retry(failed.at, failed.failure.retry_after_s, now)}
        </p>
      )}
      {trouble && trouble.message !== said && <p role="alert">{trouble.message}</p>}
      {problem && problem.message !== said && problem.message !== trouble?.message && (
        <p role="alert">{problem.message}</p>
      )}
    </>
  );
}

/** One missed read while the status still counts as confirmed is nothing to trouble anybody with. */
function troubling(account: AccountView): boolean {
  return account.certainty === "unknown" || account.link === "unreachable" || account.link === "locked";
}
