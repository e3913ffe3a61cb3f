// What the sign-in forms of all help desks have in common.

import type { ComponentChildren, RefObject, TargetedInputEvent, TargetedSubmitEvent } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Code } from "../generated/Code";
import type { Failure } from "../generated/Failure";
import { useHandBackFocus } from "../hooks";
import { failure } from "../ipc";

export type FormProps = {
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

/**
 * A form that is sent once at a time: what becomes of it, and where the focus goes.
 * After a refusal that is not about the address, it goes to the secret, else to `other`.
 */
export function useSigningIn(
  { eager = false, home, onDone }: Pick<FormProps, "eager" | "home" | "onDone">,
  other?: RefObject<HTMLInputElement | null>,
) {
  const form = useRef<HTMLFormElement>(null);
  const addressField = useRef<HTMLInputElement>(null);
  const secretField = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  useHandBackFocus(form, home);
  useLayoutEffect(() => {
    if (eager) addressField.current?.focus();
  }, [eager]);
  // The reason is on the page by now: it and the button come into sight together.
  useLayoutEffect(() => {
    if (!refused) return;
    const field = secretField.current ?? other?.current;
    (ABOUT_THE_ADDRESS.includes(refused.code) ? addressField.current : field)?.focus();
    end.current?.scrollIntoView({ block: "nearest" });
  }, [refused]);

  /** What sends the form, once at a time: `ask` makes of its fields what is sent. */
  const submit =
    (ask: (text: (name: string) => string, fields: FormData) => Promise<void>) =>
    (event: TargetedSubmitEvent<HTMLFormElement>) => {
      event.preventDefault();
      if (busy) return;
      const fields = new FormData(event.currentTarget);
      return send(ask((name) => String(fields.get(name) ?? "").trim(), fields));
    };

  /** The secret as typed. */
  const secret = () => secretField.current?.value.trim() ?? "";

  /** Empties the secret's field before anything else, and waits for what becomes of what was sent. */
  const send = async (sent: Promise<void>) => {
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
  return { form, addressField, secretField, end, busy, refused, setRefused, secret, submit };
}

type FieldProps = {
  label: string;
  hint: ComponentChildren;
  field?: RefObject<HTMLInputElement | null>;
  type: "text" | "password";
  name?: string;
  inputMode?: "url";
  defaultValue?: string;
  autocapitalize?: "none";
  autocomplete?: "off";
  onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void;
};

/** A field with its label over it and its hint below. */
export function Field({ label, hint, field, type, ...more }: FieldProps) {
  const id = useId();
  const input = { ...more, ref: field ?? null, id, required: true, spellcheck: false };
  const about = `${id}-hint`;
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {type === "password" ? (
        <input {...input} type="password" aria-describedby={about} />
      ) : (
        <input {...input} type="text" aria-describedby={about} />
      )}
      <span id={about} class="small">
        {hint}
      </span>
    </p>
  );
}

/** Where the keyring and not the window keeps what is typed. */
export const KEPT = "It goes into your system’s keyring, and this field is emptied when you sign in.";

type EndProps = {
  end: RefObject<HTMLDivElement | null>;
  busy: boolean;
  refused: Failure | null;
  /** What is added to the reason of a refusal. */
  cleared: string;
  /** What is said while it is being sent. */
  waiting?: ComponentChildren;
  /** Further buttons. */
  buttons?: ComponentChildren;
  onCancel: (() => void) | undefined;
};

/** A form's end: why it was refused, and the buttons. */
export function End({ end, busy, refused, cleared, waiting, buttons, onCancel }: EndProps) {
  return (
    <>
      <div ref={end} class="end">
        {refused && (
          <p role="alert">
            {refused.message}
            {cleared}
          </p>
        )}
        {waiting}
        <p class="buttons">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
          {buttons}
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
    </>
  );
}
