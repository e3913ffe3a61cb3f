// The light, drawn like the tray's: each state differs by shape and by colour.

import type { JSX } from "preact";
import type { Light as Shape } from "../generated/Light";
import type { StatusKind } from "../generated/StatusKind";
import { lightWords } from "../words";

/** The light. Beside a text that says the same it is decoration. */
export function Light({ light, decorative = false }: { light: Shape; decorative?: boolean }) {
  const shared = { class: "light", viewBox: "0 0 22 22", "data-shape": picture(light) };
  return decorative ? (
    <svg {...shared} aria-hidden="true">
      {drawing(light)}
    </svg>
  ) : (
    <svg {...shared} role="img" aria-label={lightWords(light)}>
      {drawing(light)}
    </svg>
  );
}

/** The name of the picture, as the tray names it. */
export function picture(light: Shape): string {
  if (light.shape === "status") return light.kind;
  return light.shape === "unconfirmed" ? `${light.kind}-unconfirmed` : light.shape;
}

function drawing(light: Shape): JSX.Element {
  switch (light.shape) {
    case "status":
      return KINDS[light.kind]();
    case "unconfirmed":
      return (
        <>
          {KINDS[light.kind]()}
          <circle class="ink" cx="16" cy="16" r="6" />
          <circle class="white" cx="16" cy="16" r="5" />
          <path class="sign ink-line" stroke-width="1.5" d={SMALL_QUESTION} />
          <circle class="ink" cx="16" cy="19.3" r="0.95" />
        </>
      );
    case "switching":
      return (
        <g class="turning">
          <path class="line blue-edge-line" stroke-width="5" d="M18.5 11A7.5 7.5 0 1 1 11 3.5" />
          <path class="line blue-line" stroke-width="3" d="M18.43 12A7.5 7.5 0 1 1 10 3.57" />
        </g>
      );
    case "not_confirmed":
      return (
        <>
          <circle class="ink" cx="11" cy="11" r="10" />
          <circle class="white" cx="11" cy="11" r="9" />
          <path class="sign ink-line" stroke-width="2.5" d={QUESTION} />
          <path class="ink" d="M9.5 15h3v3h-3z" />
        </>
      );
    case "unreachable":
      return (
        <>
          <path class="orange-edge" stroke-width="4" stroke-linejoin="round" d={TRIANGLE} />
          <path class="orange" stroke-width="2" stroke-linejoin="round" d={TRIANGLE} />
          <path class="ink" d="M9.5 7.5h3V14h-3zM9.5 15.5h3v3h-3z" />
        </>
      );
    case "locked":
      return (
        <>
          <path class="line ink-line" stroke-width="5" d="M6.5 11V7a4.5 4.5 0 0 1 9 0V11" />
          <rect class="ink" x="2" y="9" width="18" height="12" rx="3" />
          <path class="line grey-line" stroke-width="3" d="M6.5 10V7a4.5 4.5 0 0 1 9 0V10" />
          <rect class="grey" x="3" y="10" width="16" height="10" rx="2" />
          <path class="ink" d="M9.5 12.5h3v5h-3z" />
        </>
      );
    case "signed_out":
      return (
        <>
          <circle class="line red-edge-line" stroke-width="5" cx="11" cy="11" r="7.5" />
          <path class="line red-edge-line" stroke-width="5" d="M6 6L16 16" />
          <circle class="line red-line" stroke-width="3" cx="11" cy="11" r="7.5" />
          <path class="line red-line" stroke-width="3" d="M5.7 5.7L16.3 16.3" />
        </>
      );
  }
}

const QUESTION = "M8 8.3C8 4.7 14 4.7 14 8.3C14 10.4 11 10.6 11 12.8";
const SMALL_QUESTION = "M14.25 14.9C14.25 12.6 17.75 12.6 17.75 14.9C17.75 16.2 16 16.2 16 17.4";
const TRIANGLE = "M11 3.2L19.6 18.8H2.4z";

/** The colours of the lights, as classes. */
export const KIND_COLOURS: Record<StatusKind, string> = {
  online: "green",
  away: "amber",
  transfers_only: "violet",
  offline: "grey",
};

const KINDS: Record<StatusKind, () => JSX.Element> = {
  online: () => disc(KIND_COLOURS.online),
  away: () => disc(KIND_COLOURS.away, "on-amber", "M9.5 4.5h3v5h4v3h-7z"),
  transfers_only: () => disc(KIND_COLOURS.transfers_only, "white", "M4.5 9.5h6.5v-4l7 5.5l-7 5.5v-4h-6.5z"),
  offline: () => (
    <>
      <circle class="line ink-line" stroke-width="5" cx="11" cy="11" r="7.5" />
      <circle class="line grey-line" stroke-width="3" cx="11" cy="11" r="7.5" />
    </>
  ),
};

function disc(colour: string, sign?: string, path?: string): JSX.Element {
  return (
    <>
      <circle class={`${colour}-edge`} cx="11" cy="11" r="10" />
      <circle class={colour} cx="11" cy="11" r="9" />
      {path && <path class={sign} d={path} />}
    </>
  );
}
