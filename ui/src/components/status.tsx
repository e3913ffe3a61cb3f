import { Component } from "preact";
import type { Choosable } from "../generated/Choosable";
import type { Light as Shape } from "../generated/Light";
import { kindWords, whole } from "../words";
import { Light } from "./light";

type Props = {
  id: string;
  status: Choosable;
  /** Why it cannot be chosen. */
  bar: string | null;
  /** Whether none can be chosen now. */
  closed: boolean;
  mark: string | null;
  selected: boolean;
  active: boolean;
};

/** One line of the list, drawn anew only when something of it changed: there can be 500. */
export class Status extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const keys = Object.keys(next) as (keyof Props)[];
    return keys.some((key) => next[key] !== this.props[key]);
  }

  override render(props: Props) {
    return <Line {...props} />;
  }
}

function Line({ id, status, bar, closed, mark, selected, active }: Props) {
  const light: Shape =
    mark === "Switching…" ? { shape: "switching" } : { shape: "status", kind: status.kind };
  // A default status is called what it is; a custom one may be called anything.
  const kind = status.custom ? kindWords(status.kind) : "";
  const about = [kind, bar ?? status.description].filter(Boolean).join(" · ");
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays on the list, which points at its active option
    <div
      id={id}
      role="option"
      class={active ? "status active" : "status"}
      aria-selected={selected}
      aria-disabled={closed || bar !== null}
      data-status={status.id}
    >
      <Light light={light} decorative />
      <span class="text">
        <bdi class="name" title={whole(status.name)}>
          {status.name}
        </bdi>{" "}
        {about && (
          <bdi class="about" title={whole(about)}>
            {about}
          </bdi>
        )}
      </span>{" "}
      {mark && <span class="mark">{mark}</span>}
    </div>
  );
}
