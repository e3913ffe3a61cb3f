import type { AccountView } from "../generated/AccountView";
import type { CapabilityName } from "../generated/CapabilityName";
import { Fold } from "./fold";

/** What the account lets this agent do, and why it does not do the rest. */
export function Able({ account }: { account: AccountView }) {
  if (account.capabilities.length === 0) return null;
  return (
    <Fold name="able" title="What this account lets you do">
      <ul>
        {account.capabilities.map(({ name, words, has }) => (
          <li key={name}>
            <p>
              {words}: {ANSWERS[has.answer]}
            </p>
            {has.answer !== "yes" && <p class="small">{has.why}</p>}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

const ANSWERS = { yes: "yes", no: "no", not_known: "not known yet" };

/** Whether the account is known to let this agent do something. */
export function can(account: AccountView, name: CapabilityName): boolean {
  return account.capabilities.some((one) => one.name === name && one.has.answer === "yes");
}
