import type { TargetedSubmitEvent } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Code } from "../generated/Code";
import type { Failure } from "../generated/Failure";
import type { SignIn } from "../generated/SignIn";
import { useHandBackFocus } from "../hooks";
import { failure, signIn, signInByBrowser, stopSignIn } from "../ipc";

type Props = {
  title: string;
  /** The address to begin with. */
  address?: string;
  /** The OAuth client to begin with. */
  clientId?: string | null;
  /** Whether the form takes the focus as it opens. */
  eager?: boolean;
  /** Where the focus goes when the form goes away. */
  home: () => HTMLElement | null | undefined;
  onDone?: () => void;
  onCancel?: () => void;
};

/** How Zendesk lets somebody sign in. */
type Way = Exclude<SignIn["by"], "api_key">;

/** With these, it is the address that wants another look. */
const ABOUT_THE_ADDRESS: readonly Code[] = ["not_this_help_desk", "certificate", "unreachable", "timed_out"];

/** Signing in by the browser, or by a pasted token. The token is read once, on submit, and the field is emptied before anything else. */
export function SignInForm({
  title,
  address = "",
  clientId = "",
  eager = false,
  home,
  onDone,
  onCancel,
}: Props) {
  const form = useRef<HTMLFormElement>(null);
  const addressField = useRef<HTMLInputElement>(null);
  const secretField = useRef<HTMLInputElement>(null);
  const clientField = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [by, setBy] = useState<Way>("oauth");
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
    const other = secretField.current ?? clientField.current;
    (ABOUT_THE_ADDRESS.includes(refused.code) ? addressField.current : other)?.focus();
    end.current?.scrollIntoView({ block: "nearest" });
  }, [refused]);

  // What was refused one way says nothing of the other.
  const choose = (way: Way) => {
    if (busy) return;
    setBy(way);
    setRefused(null);
  };

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const to = { helpdesk: "zendesk", address: text("address") } as const;
    const sent =
      by === "oauth"
        ? signInByBrowser({ ...to, client_id: text("client-id") })
        : signIn({
            ...to,
            ...(by === "api_token" ? { by, email: text("email") } : { by }),
            secret: secretField.current?.value.trim() ?? "",
          });
    if (secretField.current) secretField.current.value = "";
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
        <ByWay by="oauth" now={by} choose={choose} label="Your browser" />
        <ByWay by="access_token" now={by} choose={choose} label="Access token" />
        <ByWay by="api_token" now={by} choose={choose} label="E-mail and API token" />
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
      {by === "oauth" && (
        <p class="field">
          <label for={`${id}-client`}>Client ID</label>
          <input
            ref={clientField}
            id={`${id}-client`}
            name="client-id"
            type="text"
            required
            defaultValue={clientId ?? ""}
            autocapitalize="none"
            spellcheck={false}
            aria-describedby={`${id}-client-hint`}
          />
          <span id={`${id}-client-hint`} class="small">
            Your Zendesk admin has it: the unique identifier of the OAuth client for Statuslight. It is no
            secret.
          </span>
        </p>
      )}
      {by !== "oauth" && (
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
      )}
      <div ref={end} class="end">
        {refused && (
          <p role="alert">
            {refused.message}
            {by !== "oauth" && " The token was cleared; paste it again to retry."}
          </p>
        )}
        {busy && by === "oauth" && (
          <p role="note" class="note">
            Your browser shows Zendesk’s page. Allow Statuslight there; this window waits for five minutes.
          </p>
        )}
        <p class="buttons">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
          {busy && by === "oauth" && (
            <button type="button" onClick={() => stopSignIn()}>
              Stop waiting
            </button>
          )}
          {onCancel && !busy && (
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

type WayProps = { by: Way; now: Way; choose: (by: Way) => void; label: string };

function ByWay({ by, now, choose, label }: WayProps) {
  return (
    <label class="way">
      <input type="radio" name="by" value={by} checked={by === now} onChange={() => choose(by)} /> {label}
    </label>
  );
}
