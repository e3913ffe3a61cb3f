import { useEffect, useState } from "preact/hooks";
import { Account } from "./components/account";
import { Everywhere } from "./components/everywhere";
import { AddAccount, Welcome } from "./components/welcome";
import type { AccountId } from "./generated/AccountId";
import type { Failure } from "./generated/Failure";
import type { View } from "./generated/View";
import { useLook, useNow, useSlash } from "./hooks";
import { follow, followForATime } from "./ipc";

/** The window: a function of the view. It keeps no status of its own. */
export function App() {
  const [view, setView] = useState<View | null>(null);
  const [broken, setBroken] = useState<Failure | null>(null);
  const [forATime, setForATime] = useState<AccountId | null>(null);
  useEffect(() => follow(setView, setBroken), []);
  useEffect(() => followForATime(setForATime), []);
  useLook();
  useSlash();
  const now = useNow(view);

  if (view === null) {
    return <main>{broken && <p role="alert">{broken.message}</p>}</main>;
  }
  return (
    <main>
      <h1 class="unseen">Statuslight</h1>
      {view.hints.map((hint) => (
        <p key={hint.topic} role="note" class="note">
          {hint.message}
        </p>
      ))}
      {view.accounts.map((account) => (
        <Account
          key={account.account}
          account={account}
          all={view.accounts}
          now={now}
          forATime={account.account === forATime ? () => setForATime(null) : null}
        />
      ))}
      <Everywhere accounts={view.accounts} />
      {view.accounts.length === 0 ? <Welcome /> : <AddAccount />}
    </main>
  );
}
