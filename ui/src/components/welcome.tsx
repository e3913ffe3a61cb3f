import { useLayoutEffect, useRef, useState } from "preact/hooks";
import logo from "../logo.svg";
import { SignIn } from "./sign-in";

/** What a person sees who has no account here yet. */
export function Welcome() {
  return (
    <section class="welcome" aria-labelledby="welcome">
      <header>
        <img src={logo} alt="" width="56" height="56" />
        <h2 id="welcome">Welcome to Statuslight</h2>
        <p>It shows your help-desk status as a light in the tray and switches it with one click.</p>
      </header>
      <SignIn home={newest} />
    </section>
  );
}

/** The way to one more account. */
export function AddAccount() {
  const [open, setOpen] = useState(false);
  const cancelled = useRef(false);
  const opener = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (cancelled.current && !open) opener.current?.focus();
  }, [open]);

  return (
    <footer>
      {open ? (
        <SignIn
          title="Add an account"
          eager
          home={() => (cancelled.current ? null : newest())}
          onDone={() => setOpen(false)}
          onCancel={() => {
            cancelled.current = true;
            setOpen(false);
          }}
        />
      ) : (
        <button
          ref={opener}
          type="button"
          class="quiet"
          onClick={() => {
            cancelled.current = false;
            setOpen(true);
          }}
        >
          Add an account
        </button>
      )}
    </footer>
  );
}

/** The heading of the account that came last. */
function newest(): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(".headline")].at(-1);
}
