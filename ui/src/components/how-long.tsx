import type { RefObject } from "preact";
import { useId } from "preact/hooks";
import type { Until } from "../generated/Until";

const MINUTES = [15, 30, 60];

/** For how long the next status is chosen: so many minutes, until a time of day, or until something else is. */
export type HowLong = { minutes: number } | { clock: string } | null;

/** What is to be asked; nothing can be while the time of day is none. */
export function untilOf(howLong: HowLong): Until | null | undefined {
  if (howLong === null) return null;
  if ("minutes" in howLong) return { in_minutes: howLong.minutes };
  const parts = /^([01]?\d|2[0-3])[:.]?([0-5]\d)$/.exec(howLong.clock.trim());
  return parts ? { clock: `${parts[1]?.padStart(2, "0")}:${parts[2]}:00` } : undefined;
}

type Props = {
  howLong: HowLong;
  set: (howLong: HowLong) => void;
  field: RefObject<HTMLInputElement | null>;
  /** The time is typed, and the status comes next. */
  done: () => void;
  now: number;
};

/** The times to choose from; the status is chosen after it, and brings the one before back at the end. */
export function HowLongRow({ howLong, set, field, done, now }: Props) {
  const id = useId();
  const minutes = howLong !== null && "minutes" in howLong ? howLong.minutes : null;
  const clock = howLong !== null && "clock" in howLong ? howLong.clock : null;
  const isNone = untilOf(howLong) === undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; these are buttons, one of which may hold
    <div class="how-long" role="group" aria-labelledby={id}>
      <span id={id} class="about">
        For
      </span>
      {MINUTES.map((some) => (
        <button
          key={some}
          type="button"
          aria-label={`${some} min`}
          title={`${some} min`}
          aria-pressed={minutes === some}
          onClick={() => set(minutes === some ? null : { minutes: some })}
        >
          {some}
          {some === MINUTES.at(-1) && " min"}
        </button>
      ))}
      <button
        type="button"
        aria-pressed={clock !== null}
        onClick={() => set(clock === null ? { clock: nextHalfHour(now) } : null)}
      >
        until…
      </button>
      {clock !== null && (
        <input
          ref={field}
          type="text"
          inputMode="numeric"
          class="clock"
          aria-label="Until what time"
          aria-invalid={isNone}
          aria-describedby={`${id}-then`}
          placeholder="14:30"
          maxLength={5}
          autocomplete="off"
          value={clock}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || isNone) return;
            event.preventDefault();
            done();
          }}
          onInput={({ currentTarget }) => set({ clock: currentTarget.value })}
        />
      )}
      <p id={`${id}-then`} class="about" aria-live="polite">
        {howLong !== null &&
          (isNone
            ? "Type a time of day such as 14:30."
            : "Choose the status; the one you have comes back then.")}
      </p>
    </div>
  );
}

/** The half hour that is next, and not just about to come. */
export function nextHalfHour(now: number): string {
  const at = new Date(now + 10 * 60_000);
  at.setMinutes(at.getMinutes() < 30 ? 30 : 60);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
