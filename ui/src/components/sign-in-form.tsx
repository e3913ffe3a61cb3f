import type { TargetedSubmitEvent } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Code } from "../generated/Code";
import type { Failure } from "../generated/Failure";
import type { SignIn } from "../generated/SignIn";
import { useHandBackFocus } from "../hooks";
import { failure, signIn } from "../ipc";

type Props = {
  title: string;
  /** The address to begin with. */
  address?: string;
  /** Whether the form takes the focus as it opens. */
  eager?: boolean;
  /** Where the focus goes when the form goes away. */
  home: () => HTMLElement | null | undefined;
  onDone?: () => void;
  onCancel?: () => void;
};

/** With these, it is the address that wants another look. */
const ABOUT_THE_ADDRESS: readonly Code[] = ["not_this_help_desk", "certificate", "unreachable", "timed_out"];

/** Signing in by a pasted token. The token is read once, on submit, and the field is emptied before anything else. */
export function SignInForm({ title, address = "", eager = false, home, onDone, onCancel }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const addressField = useRef<HTMLInputElement>(null);
  const secretField = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [by, setBy] = useState<SignIn["by"]>("access_token");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  const id = useId();
  useHandBackFocus(form, home);
  useLayoutEffect(() => {
    if (eager) addressField.current?.focus();
  }, [eager]);
  // The reason is on the page by now: it and the button come into sight together.
  useLayoutEffect(() => {
    if (!refused) return;
    const wanted = ABOUT_THE_ADDRESS.includes(refused.code) ? addressField : secretField;
    wanted.current?.focus();
    end.current?.scrollIntoView({ block: "nearest" });
  }, [refused]);

  // What was refused one way says nothing of the other.
  const choose = (way: SignIn["by"]) => {
    setBy(way);
    setRefused(null);
  };

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = secretField.current;
    if (busy || !field) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const sent = signIn({
      helpdesk: "zendesk",
      address: text("address"),
      ...(by === "api_token" ? { by, email: text("email") } : { by }),
      secret: field.value.trim(),
    });
    field.value = "";
    setBusy(true);
    setRefused(null);
    try {
      await sent;
      onDone?.();
    } catch (error) {
      setRefused(failure(error));
    } finally {
      setBusy(false);
    }
  };

  const token = by === "access_token" ? "Access token" : "API token";
  return (
    <form ref={form} class="sign-in" autocomplete="off" aria-labelledby={`${id}-title`} onSubmit={submit}>
      <h3 id={`${id}-title`}>{title}</h3>
      <p class="field">
        <label for={`${id}-address`}>Zendesk address</label>
        <input
          ref={addressField}
          id={`${id}-address`}
          name="address"
          type="text"
          inputMode="url"
          required
          defaultValue={address}
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={`${id}-address-hint`}
        />
        <span id={`${id}-address-hint`} class="small">
          Your subdomain, or the address in your browser: acme.zendesk.com
        </span>
      </p>
      {/* Not a fieldset: WebKit counts a legend's height twice at first, and the form jumps at the first click. */}
      <div role="radiogroup" aria-labelledby={`${id}-ways`}>
        <p id={`${id}-ways`} class="ways">
          Sign in with
        </p>
        <Way by="access_token" now={by} choose={choose} label="Access token" />
        <Way by="api_token" now={by} choose={choose} label="E-mail and API token" />
      </div>
      {by === "api_token" && (
        <>
          <p role="note" class="note">
            API tokens end on 30 April 2027, and new ones can no longer be made. Use one only if you still
            have it.
          </p>
          <p class="field">
            <label for={`${id}-email`}>E-mail</label>
            <input id={`${id}-email`} name="email" type="email" required spellcheck={false} />
          </p>
        </>
      )}
      <p class="field">
        <label for={`${id}-secret`}>{token}</label>
        <input
          key={by}
          ref={secretField}
          id={`${id}-secret`}
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          aria-describedby={`${id}-secret-hint`}
        />
        <span id={`${id}-secret-hint`} class="small">
          {by === "access_token" && "An OAuth access token with the scopes read and write. "}
          It goes into your system’s keyring, and this field is emptied when you sign in.
        </span>
      </p>
      <div ref={end} class="end">
        {refused && <p role="alert">{refused.message} The token was cleared; paste it again to retry.</p>}
        <p class="buttons">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
          {onCancel && (
            <button type="button" onClick={onCancel}>
              Cancel
            </button>
          )}
        </p>
      </div>
      <p class="unseen" role="status">
        {busy ? "Signing in" : ""}
      </p>
    </form>
  );
}

type WayProps = { by: SignIn["by"]; now: SignIn["by"]; choose: (by: SignIn["by"]) => void; label: string };

function Way({ by, now, choose, label }: WayProps) {
  return (
    <label class="way">
      <input type="radio" name="by" value={by} checked={by === now} onChange={() => choose(by)} /> {label}
    </label>
  );
}
