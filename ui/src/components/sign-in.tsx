import { useId, useState } from "preact/hooks";
import type { HelpDeskName } from "../generated/HelpDeskName";
import { deskWords } from "../words";
import { LibredeskForm } from "./libredesk-form";
import { SignInForm } from "./sign-in-form";
import type { FormProps } from "./sign-in-parts";

type Props = Omit<FormProps, "title" | "address"> & {
  /** What stands over the form; nothing names the help desk. */
  title?: string;
};

const DESKS: readonly HelpDeskName[] = ["zendesk", "libredesk"];

/** Signing in to a help desk that is chosen first. */
export function SignIn({ title, ...rest }: Props) {
  const [desk, setDesk] = useState<HelpDeskName>("zendesk");
  const id = useId();
  const over = title ?? `Sign in to ${deskWords(desk)}`;
  return (
    <>
      <div role="radiogroup" aria-labelledby={`${id}-desk`} class="desks">
        <p id={`${id}-desk`} class="ways">
          Your help desk
        </p>
        {DESKS.map((one) => (
          <label class="way" key={one}>
            <input
              type="radio"
              name="helpdesk"
              value={one}
              checked={one === desk}
              onChange={() => setDesk(one)}
            />{" "}
            {deskWords(one)}
          </label>
        ))}
      </div>
      {desk === "zendesk" ? <SignInForm title={over} {...rest} /> : <LibredeskForm title={over} {...rest} />}
    </>
  );
}
