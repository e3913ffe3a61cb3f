// Development only: a window without the program behind it. `?story=forced` begins with that story,
// `?at=now` makes the times follow the clock.

import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";
import type { AccountView } from "../generated/AccountView";
import type { Action } from "../generated/Action";
import type { Question } from "../generated/Question";
import type { View } from "../generated/View";
import type { SignInForm } from "../ipc";
import { account, NOW, STORIES } from "./stories";
import { TEAM } from "./team";
import { HISTORY } from "./today";

const ANSWER_AFTER_MS = 700;

/** Stands in for the program with the invented help desk. */
export function mock(): void {
  document.documentElement.dataset.mock = "the invented help desk";
  let view: View = STORIES[new URLSearchParams(location.search).get("story") ?? "online"] ?? {
    accounts: [],
    hints: [],
  };
  const late = Date.now() - NOW;
  Date.now = (
    (real) => () =>
      real() - late
  )(Date.now);
  const tell = (next: View) => {
    view = next;
    void emit("view", view);
  };
  const change = (id: string, more: Partial<AccountView>) =>
    tell({
      ...view,
      accounts: view.accounts.map((account) => (account.account === id ? { ...account, ...more } : account)),
    });

  const act = async (action: Action) => {
    if (action.do === "keep" || action.do === "snooze") change(action.account, { offer: null });
    if (action.do === "extend") {
      const timed = view.accounts.find((account) => account.account === action.account)?.timed;
      const until = new Date(Date.parse(action.until) + 15 * 60_000).toISOString();
      if (timed) change(action.account, { timed: { ...timed, until } });
    }
    if (action.do === "remove_account") {
      tell({ ...view, accounts: view.accounts.filter((account) => account.account !== action.account) });
    }
    if (action.do !== "choose" && action.do !== "put_back") return;
    const before = view.accounts.find((account) => account.account === action.account);
    const id =
      action.do === "choose" ? action.status : (before?.offer?.put_back ?? before?.timed?.back_to)?.id;
    const status = before?.statuses.find((status) => status.id === id);
    if (!before || !status) return;
    change(action.account, {
      light: { shape: "switching" },
      headline: `Switching to ${status.name}…`,
      switching_to: status,
      offer: null,
    });
    await new Promise((done) => setTimeout(done, ANSWER_AFTER_MS));
    const at = new Date(Date.now()).toISOString();
    const minutes =
      action.do === "choose" && action.until && "in_minutes" in action.until ? action.until.in_minutes : 0;
    const until = minutes > 0 ? new Date(Date.now() + minutes * 60_000).toISOString() : null;
    change(action.account, {
      ...account({
        statuses: before.statuses,
        agent: before.agent,
        url: before.url,
        account: before.account,
        status,
      }),
      light: { shape: "status", kind: status.kind },
      headline: status.name,
      as_of: at,
      since: at,
      timed: until && before.status ? { until, back_to: before.status } : null,
    });
  };

  const signIn = async (form: SignInForm) => {
    await new Promise((done) => setTimeout(done, ANSWER_AFTER_MS));
    if (form.address === "wrong") {
      throw {
        code: "not_this_help_desk",
        message:
          "“wrong” is not an address of Zendesk, so nothing was sent. An address looks like acme.zendesk.com: only letters, digits and hyphens before the first dot. Check the address in your browser while you are signed in to Zendesk, correct it, and sign in again.",
        retry_after_s: null,
      };
    }
    if (form.secret !== "good") {
      throw {
        code: "signed_out",
        message: "Zendesk refused the sign-in. Your status cannot be read or changed. Sign in again.",
        retry_after_s: null,
      };
    }
    tell({ ...view, accounts: [...view.accounts, account({ account: `account-${view.accounts.length}` })] });
  };

  mockIPC(
    (command, payload) => {
      const sent = payload as { action: Action; form: SignInForm; question: Question };
      if (command === "view") return view;
      if (command === "for_a_time") return null;
      if (command === "act") return act(sent.action);
      if (command === "ask" && sent.question.ask === "history") {
        return { history: HISTORY };
      }
      if (command === "ask") return { team: TEAM };
      if (command === "sign_in") return signIn(sent.form);
      return undefined;
    },
    { shouldMockEvents: true },
  );
}
