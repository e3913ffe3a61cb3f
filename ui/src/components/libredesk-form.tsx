import { useId, useState } from "preact/hooks";
import { signIn } from "../ipc";
import { End, Field, type FormProps, KEPT, useSigningIn } from "./sign-in-parts";

type Props = FormProps & {
  /** Whether being kept online is ticked to begin with. */
  keepOnline?: boolean;
};

/** Signing in to Libredesk by a key. The secret is read once, on submit, and the field is emptied before anything else. */
export function LibredeskForm({ title, address = "", keepOnline = true, onCancel, ...rest }: Props) {
  const { form, addressField, secretField, end, busy, refused, secret, submit } = useSigningIn(rest);
  const [plain, setPlain] = useState(isPlain(address));
  const id = useId();

  const onSubmit = submit((text, fields) =>
    signIn({
      helpdesk: "libredesk",
      address: text("address"),
      by: "api_key",
      key: text("key"),
      secret: secret(),
      agreed: {
        unencrypted: fields.has("unencrypted"),
        keep_online: fields.has("keep-online"),
        away_when_idle: false,
      },
    }),
  );

  return (
    <form ref={form} class="sign-in" autocomplete="off" aria-labelledby={id} onSubmit={onSubmit}>
      <h3 id={id}>{title}</h3>
      <Field
        label="Libredesk address"
        hint="The address in your browser: help.example.com"
        field={addressField}
        name="address"
        type="text"
        inputMode="url"
        defaultValue={address}
        autocapitalize="none"
        onInput={(event) => setPlain(isPlain(event.currentTarget.value))}
      />
      {plain && (
        <p class="field">
          <label class="way">
            <input name="unencrypted" type="checkbox" /> Send my key unencrypted. Anybody on that network can
            read it.
          </label>
        </p>
      )}
      <Field
        label="API key"
        hint="An admin creates it for you in Libredesk: Admin, Teammate, Agent, Edit, API key. A new one ends the one before."
        name="key"
        type="text"
        autocapitalize="none"
      />
      <Field label="API secret" hint={KEPT} field={secretField} type="password" autocomplete="off" />
      <p class="field">
        <label class="way">
          <input name="keep-online" type="checkbox" defaultChecked={keepOnline} /> Keep me online while
          Statuslight runs
        </label>
        <span class="small">
          Else Libredesk turns Online into Offline five minutes after your last browser tab is closed. Never
          while your screen is locked or your computer sleeps.
        </span>
      </p>
      <End
        end={end}
        busy={busy}
        refused={refused}
        cleared=" The secret was cleared; paste it again to retry."
        onCancel={onCancel}
      />
    </form>
  );
}

/** Whether an address is one that is not encrypted and does not stay on this computer. */
function isPlain(address: string): boolean {
  return /^\s*http:\/\/(?!localhost\b|127\.|\[::1\])/i.test(address);
}
