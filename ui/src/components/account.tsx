import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import type { Action } from "../generated/Action";
import type { Failure } from "../generated/Failure";
import { act, failure } from "../ipc";
import { host } from "../words";
import { Able, can } from "./able";
import { Among } from "./among";
import { Guard } from "./guard";
import { LibredeskForm } from "./libredesk-form";
import { Now } from "./now";
import { Offer } from "./offer";
import { Phone } from "./phone";
import { Presence } from "./presence";
import { Problems } from "./problems";
import { SignInForm } from "./sign-in-form";
import { SignOut } from "./sign-out";
import { Statuses } from "./statuses";
import { Team } from "./team";
import { Timed } from "./timed";
import { Today } from "./today";
import { Work } from "./work";

type Props = {
  account: AccountView;
  all: AccountView[];
  now: number;
  /** A time is to be typed for the next status; to be called when it can be. */
  forATime: (() => void) | null;
};

/** One account: what it is, what happened to it, what it can be. */
export function Account({ account, all, now, forATime }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const [problem, ask] = useAsk(account);
  const home = () => heading.current;
  const [wantsTeam, setWantsTeam] = useState(false);
  const mayTeam = account.link !== "signed_out" && can(account, "team");
  const team = wantsTeam && mayTeam;
  const isTimeWanted = forATime !== null;
  useLayoutEffect(() => {
    if (isTimeWanted) setWantsTeam(false);
  }, [isTimeWanted]);

  return (
    <section class="account" aria-labelledby={id}>
      <header class="who">
        <p class="agent">
          <bdi>{account.agent.name}</bdi> <span class="host">{host(account.url)}</span>
        </p>
        {mayTeam && (
          <button type="button" class="quiet" data-page="team" onClick={() => setWantsTeam(!team)}>
            {team ? "Statuses" : "Team"}
          </button>
        )}
        <SignOut account={account} ask={ask} />
      </header>
      <Now account={account} now={now} heading={heading} id={id} />
      {account.offer && (
        <Offer account={account.account} offer={account.offer} now={now} ask={ask} home={home} />
      )}
      {account.timed && (
        <Timed account={account.account} timed={account.timed} now={now} ask={ask} home={home} />
      )}
      <Problems account={account} problem={problem} now={now} />
      {account.link === "signed_out" ? (
        <Again account={account} home={home} />
      ) : team ? (
        <Team account={account} now={now} />
      ) : (
        <Statuses account={account} now={now} ask={ask} forATime={forATime} />
      )}
      {account.limits && (
        <p role="note" class="small">
          {account.limits}
        </p>
      )}
      <div class="folds">
        <Today account={account} now={now} />
        <Work account={account} now={now} />
        {account.phone && <Phone account={account} phone={account.phone} now={now} ask={ask} />}
        {account.presence && <Presence account={account} presence={account.presence} ask={ask} />}
        <Guard account={account} ask={ask} />
        <Among account={account} all={all} ask={ask} />
        <Able account={account} />
      </div>
    </section>
  );
}

/** Signing in again to the same account. */
function Again({ account, home }: { account: AccountView; home: () => HTMLElement | null }) {
  const same = { title: "Sign in again", address: account.url, home };
  return account.helpdesk === "zendesk" ? (
    <SignInForm {...same} clientId={account.client_id} />
  ) : (
    <LibredeskForm {...same} keepOnline={account.presence?.keep_online ?? true} />
  );
}

export type Ask = (action: Action) => void;

/** Asks for something; a refusal is kept to be shown until the account goes on to something else. */
function useAsk(account: AccountView): [Failure | null, Ask] {
  const [problem, setProblem] = useState<{ failure: Failure; moment: string } | null>(null);
  const asked = useRef(0);
  const moment = useRef("");
  moment.current = `${account.status?.id} ${account.failed?.at}`;

  const ask: Ask = (action) => {
    asked.current += 1;
    const mine = asked.current;
    setProblem(null);
    act(action).catch((error) => {
      const refused = failure(error);
      // Whoever chose something else meanwhile knows that the first choice is off.
      if (mine !== asked.current || refused.code === "overtaken") return;
      setProblem({ failure: refused, moment: moment.current });
    });
  };
  return [problem?.moment === moment.current ? problem.failure : null, ask];
}
