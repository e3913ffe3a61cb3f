import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import { deskWords } from "../words";
import type { Ask } from "./account";

/** Forgets an account, after asking once more. */
export function SignOut({ account, ask }: { account: AccountView; ask: Ask }) {
  const [asking, setAsking] = useState(false);
  const asked = useRef(false);
  const opener = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    if (asking) cancel.current?.focus();
    else if (asked.current) opener.current?.focus();
  }, [asking]);

  if (!asking) {
    return (
      <button
        ref={opener}
        type="button"
        class="quiet"
        onClick={() => {
          setAsking(true);
          asked.current = true;
        }}
      >
        Sign out
      </button>
    );
  }
  const close = () => setAsking(false);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; this is a question and its two answers
    <div
      class="confirm"
      role="group"
      aria-labelledby={id}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <p id={id}>
        Sign out <bdi>{account.agent.name}</bdi>? Statuslight forgets the sign-in and the history on this
        computer. Your status in {deskWords(account.helpdesk)} stays as it is.
      </p>
      <p class="buttons">
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            ask({ do: "remove_account", account: account.account });
          }}
        >
          Sign out
        </button>
        <button ref={cancel} type="button" onClick={close}>
          Cancel
        </button>
      </p>
    </div>
  );
}
