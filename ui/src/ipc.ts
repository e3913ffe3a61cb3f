// The window's whole conversation with the program behind it.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { AccountId } from "./generated/AccountId";
import type { Action } from "./generated/Action";
import type { Agreed } from "./generated/Agreed";
import type { Answer } from "./generated/Answer";
import type { Failure } from "./generated/Failure";
import type { HelpDeskName } from "./generated/HelpDeskName";
import type { Question } from "./generated/Question";
import type { SignIn } from "./generated/SignIn";
import type { View } from "./generated/View";

/** What the sign-in form sends: the one message that carries a secret. */
export type SignInForm = {
  helpdesk: HelpDeskName;
  address: string;
  secret: string;
  agreed?: Agreed;
} & SignIn;

/** What there is to show now. */
export function view(): Promise<View> {
  return invoke<View>("view");
}

/** Asks for something and waits for the outcome; rejects with a `Failure`. */
export function act(action: Action): Promise<void> {
  return invoke("act", { action });
}

/** Asks what the view does not tell; rejects with a `Failure`. */
export function ask(question: Question): Promise<Answer> {
  return invoke<Answer>("ask", { question });
}

/** Signs in and waits for the outcome; rejects with a `Failure`. */
export function signIn(form: SignInForm): Promise<void> {
  return invoke("sign_in", { form });
}

/** Signs in by the browser and waits until the agent has allowed it there; rejects with a `Failure`. */
export function signInByBrowser(form: {
  helpdesk: HelpDeskName;
  address: string;
  client_id: string;
}): Promise<void> {
  return invoke("sign_in_by_browser", { form });
}

/** Stops waiting for the browser. */
export function stopSignIn(): Promise<void> {
  return invoke("stop_sign_in");
}

/** Hands every view to `show`, the present one first, until the returned function is called. */
export function follow(show: (view: View) => void, broken: (failure: Failure) => void): () => void {
  let over = false;
  let told = false;
  const listening = listen<View>("view", (event) => {
    told = true;
    if (!over) show(event.payload);
  });
  listening
    .then(view)
    // A view that was sent meanwhile is newer than the answer.
    .then((first) => over || told || show(first))
    .catch((error) => over || broken(failure(error)));
  return () => {
    over = true;
    listening.then((stop) => stop()).catch(() => {});
  };
}

/** Tells whose next status the window was opened to choose for a time, until the returned function is called. */
export function followForATime(show: (account: AccountId) => void): () => void {
  let over = false;
  // The program keeps the answer until it is taken, so that none is lost while the page is just beginning.
  const take = () =>
    invoke<AccountId | null>("for_a_time")
      .then((account) => over || account === null || show(account))
      // The time can be chosen all the same, by one more click.
      .catch(() => {});
  const listening = listen("opened", take);
  listening.then(take).catch(() => {});
  return () => {
    over = true;
    listening.then((stop) => stop()).catch(() => {});
  };
}

/** What a rejected call says. Anything but a `Failure` is not repeated: it may quote what was sent. */
export function failure(error: unknown): Failure {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return error as Failure;
  }
  return {
    code: "internal",
    message:
      "Statuslight could not pass this on. Nothing was changed. Close the window, open it again, and try once more.",
    retry_after_s: null,
  };
}
