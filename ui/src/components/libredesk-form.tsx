import type { TargetedSubmitEvent } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Code } from "../generated/Code";
import type { Failure } from "../generated/Failure";
import { useHandBackFocus } from "../hooks";
import { failure, signIn } from "../ipc";

type Props = {
  title: string;
  /** The address to begin with. */
  address?: string;
  /** Whether being kept online is ticked to begin with. */
  keepOnline?: boolean;
  /** Whether the form takes the focus as it opens. */
  eager?: boolean;
  /** Where the focus goes when the form goes away. */
  home: () => HTMLElement | null | undefined;
  onDone?: () => void;
  onCancel?: () => void;
};

/** With these, it is the address that wants another look. */
const ABOUT_THE_ADDRESS: readonly Code[] = ["not_this_help_desk", "certificate", "unreachable", "timed_out"];

/** Signing in to Libredesk by a key. The secret is read once, on submit, and the field is emptied before anything else. */
export function LibredeskForm({
  title,
  address = "",
  keepOnline = true,
  eager = false,
  home,
  onDone,
  onCancel,
}: Props) {
  const form = useRef<HTMLFormElement>(null);
  const addressField = useRef<HTMLInputElement>(null);
  const secretField = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [plain, setPlain] = useState(isPlain(address));
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  const id = useId();
  useHandBackFocus(form, home);
  useLayoutEffect(() => {
    if (eager) addressField.current?.focus();
  }, [eager]);
  useLayoutEffect(() => {
    if (!refused) return;
    (ABOUT_THE_ADDRESS.includes(refused.code) ? addressField : secretField).current?.focus();
    end.current?.scrollIntoView({ block: "nearest" });
  }, [refused]);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    const sent = signIn({
      helpdesk: "libredesk",
      address: text("address"),
      by: "api_key",
      key: text("key"),
      secret: secretField.current?.value.trim() ?? "",
      agreed: {
        unencrypted: fields.has("unencrypted"),
        keep_online: fields.has("keep-online"),
        away_when_idle: false,
      },
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

  return (
    <form ref={form} class="sign-in" autocomplete="off" aria-labelledby={`${id}-title`} onSubmit={submit}>
      <h3 id={`${id}-title`}>{title}</h3>
      <p class="field">
        <label for={`${id}-address`}>Libredesk address</label>
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
          onInput={(event) => setPlain(isPlain(event.currentTarget.value))}
        />
        <span id={`${id}-address-hint`} class="small">
          The address in your browser: help.example.com
        </span>
      </p>
      {plain && (
        <p class="field">
          <label class="way">
            <input name="unencrypted" type="checkbox" /> Send my key unencrypted. Anybody on that network can
            read it.
          </label>
        </p>
      )}
      <p class="field">
        <label for={`${id}-key`}>API key</label>
        <input
          id={`${id}-key`}
          name="key"
          type="text"
          required
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={`${id}-key-hint`}
        />
        <span id={`${id}-key-hint`} class="small">
          An admin creates it for you in Libredesk: Admin, Teammate, Agent, Edit, API key. A new one ends the
          one before.
        </span>
      </p>
      <p class="field">
        <label for={`${id}-secret`}>API secret</label>
        <input
          ref={secretField}
          id={`${id}-secret`}
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          aria-describedby={`${id}-secret-hint`}
        />
        <span id={`${id}-secret-hint`} class="small">
          It goes into your system’s keyring, and this field is emptied when you sign in.
        </span>
      </p>
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
      <div ref={end} class="end">
        {refused && <p role="alert">{refused.message} The secret was cleared; paste it again to retry.</p>}
        <p class="buttons">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
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

/** Whether an address is one that is not encrypted and does not stay on this computer. */
function isPlain(address: string): boolean {
  return /^\s*http:\/\/(?!localhost\b|127\.|\[::1\])/i.test(address);
}
