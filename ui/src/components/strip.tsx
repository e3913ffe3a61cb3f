import { useRef, useState } from "preact/hooks";
import { MINUTE } from "../words";
import { KIND_COLOURS } from "./light";
import type { Piece } from "./today";

/** A short stretch is thin: so near, in pixels, the pointer means it. */
const NEAR_PX = 4;

type Props = { pieces: readonly Piece[]; begin: number; end: number };

/**
 * The day as a strip. Each stretch is told when it is pointed at; by keys, arrows lead from one to the next.
 */
export function Strip({ pieces, begin, end }: Props) {
  const strip = useRef<SVGSVGElement>(null);
  const [pointing, setPointing] = useState<{ moment: number; near: number } | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const last = pieces.length - 1;
  // The day grows while it is looked at, and begins anew at midnight.
  const stop = Math.min(focused ?? last, last);
  // The pieces are made anew with each word of the help desk, also under a pointer that rests.
  const pointed = pointing && pieceAt(pieces, pointing.moment, pointing.near);
  const told = pointed ?? (focused === null ? undefined : pieces[stop]);

  const point = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    if (!box?.width) return;
    const scale = (end - begin) / box.width;
    setPointing({ moment: begin + (event.clientX - box.left) * scale, near: NEAR_PX * scale });
  };
  const press = (event: KeyboardEvent) => {
    const next = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: last }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = strip.current?.querySelectorAll("rect")[Math.max(0, Math.min(last, next))];
    at?.focus();
  };

  return (
    <div class="strip-of-day">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs; this is a row of stretches */}
      <svg
        ref={strip}
        class="strip"
        viewBox={`0 0 ${(end - begin) / MINUTE} 10`}
        preserveAspectRatio="none"
        role="group"
        aria-label="Today, one change after the other"
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setPointing(null)}
        onKeyDown={press}
      >
        {pieces.map((piece, place) => (
          // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is read by going there, and does nothing
          <rect
            key={piece.key}
            class={`${KIND_COLOURS[piece.stretch.status.kind]}${piece.stretch.confirmed ? "" : " unsure"}`}
            x={(piece.from - begin) / MINUTE}
            width={(piece.until - piece.from) / MINUTE}
            height="10"
            role="img"
            aria-label={piece.words}
            tabindex={place === stop ? 0 : -1}
            data-told={piece === told || undefined}
            onFocus={() => setFocused(place)}
            onBlur={() => setFocused(null)}
          />
        ))}
      </svg>
      {told && (
        <p class="told" aria-hidden="true">
          {told.words}
        </p>
      )}
    </div>
  );
}

/** The stretch at a moment; of several near it the shortest, which is the hardest to meet. */
function pieceAt(pieces: readonly Piece[], moment: number, near: number): Piece | null {
  const close = pieces.filter(({ from, until }) => from - near <= moment && moment <= until + near);
  close.sort((one, other) => one.until - one.from - (other.until - other.from));
  return close[0] ?? null;
}
