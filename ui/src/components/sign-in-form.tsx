import { useId, useRef, useState } from "preact/hooks";
import type { SignIn } from "../generated/SignIn";
import { signIn, signInByBrowser, stopSignIn } from "../ipc";
import { End, Field, type FormProps, KEPT, useSigningIn } from "./sign-in-parts";

type Props = FormProps & {
  /** The OAuth client to begin with. */
  clientId?: string | null;
};

/** How Zendesk lets somebody sign in. */
type Way = Exclude<SignIn["by"], "api_key">;

/** Signing in by the browser, or by a pasted token. The token is read once, on submit, and the field is emptied before anything else. */
export function SignInForm({ title, address = "", clientId = "", onCancel, ...rest }: Props) {
  const clientField = useRef<HTMLInputElement>(null);
  const { form, addressField, secretField, end, busy, refused, setRefused, secret, submit } = useSigningIn(
    rest,
    clientField,
  );
  const [by, setBy] = useState<Way>("oauth");
  const id = useId();

  // What was refused one way says nothing of the other.
  const choose = (way: Way) => {
    if (busy) return;
    setBy(way);
    setRefused(null);
  };

  const onSubmit = submit((text) => {
    const to = { helpdesk: "zendesk", address: text("address") } as const;
    if (by === "oauth") return signInByBrowser({ ...to, client_id: text("client-id") });
    return signIn({
      ...to,
      ...(by === "api_token" ? { by, email: text("email") } : { by }),
      secret: secret(),
    });
  });
  const waits = busy && by === "oauth";

  const token = by === "access_token" ? "Access token" : "API token";
  return (
    <form ref={form} class="sign-in" autocomplete="off" aria-labelledby={`${id}-title`} onSubmit={onSubmit}>
      <h3 id={`${id}-title`}>{title}</h3>
      <Field
        label="Zendesk address"
        hint="Your subdomain, or the address in your browser: acme.zendesk.com"
        field={addressField}
        name="address"
        type="text"
        inputMode="url"
        defaultValue={address}
        autocapitalize="none"
      />
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
        <Field
          label="Client ID"
          hint="Your Zendesk admin has it: the unique identifier of the OAuth client for Statuslight. It is no secret."
          field={clientField}
          name="client-id"
          type="text"
          defaultValue={clientId ?? ""}
          autocapitalize="none"
        />
      )}
      {by !== "oauth" && (
        <Field
          key={by}
          label={token}
          hint={
            <>
              {by === "access_token" && "An OAuth access token with the scopes read and write. "}
              {KEPT}
            </>
          }
          field={secretField}
          type="password"
          autocomplete="off"
        />
      )}
      <End
        end={end}
        busy={busy}
        refused={refused}
        cleared={by === "oauth" ? "" : " The token was cleared; paste it again to retry."}
        waiting={
          waits && (
            <p role="note" class="note">
              Your browser shows Zendesk’s page. Allow Statuslight there; this window waits for five minutes.
            </p>
          )
        }
        buttons={
          waits && (
            <button type="button" onClick={() => stopSignIn()}>
              Stop waiting
            </button>
          )
        }
        onCancel={onCancel}
      />
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
