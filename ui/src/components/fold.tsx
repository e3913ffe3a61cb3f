import type { ComponentChildren } from "preact";

type Props = {
  /** What it is about, also the name of its class. */
  name: string;
  title: string;
  /** How it stands, in a line. */
  state?: string;
  children: ComponentChildren;
};

/** A part that says its state in one line, and all else when it is opened. */
export function Fold({ name, title, state, children }: Props) {
  return (
    <details
      class={`fold ${name}`}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) currentTarget.scrollIntoView({ block: "nearest" });
      }}
    >
      <summary title={state}>
        {title}
        {state && (
          <>
            {": "}
            <span class="state" aria-live="polite">
              {state}
            </span>
          </>
        )}
      </summary>
      <div class="unfolded">{children}</div>
    </details>
  );
}
