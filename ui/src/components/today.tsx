import { useEffect, useRef, useState } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import type { Failure } from "../generated/Failure";
import type { Stretch } from "../generated/Stretch";
import { ask, failure } from "../ipc";
import { byWords, clock, isolate, lasted, startOfDay } from "../words";
import { KIND_COLOURS } from "./light";

const MINUTE = 60_000;

/** A stretch of today, by the clock in milliseconds. */
type Piece = { from: number; until: number; stretch: Stretch };

/** Today's time in status and who changed it, as far as it is known. */
export function Today({ account, now }: { account: AccountView; now: number }) {
  const { stretches, problem } = useToday(account, now);
  if (problem) return <p class="today small">{problem.message}</p>;
  const pieces = cut(stretches, now);
  const begin = Math.min(...pieces.map((piece) => piece.from));
  const last = Math.max(...pieces.map((piece) => piece.until));
  // While the light is on, the moments since the last word are nobody's yet.
  const end = account.certainty === "unknown" ? now : last;
  if (pieces.length === 0 || end - begin < MINUTE) return null;
  return (
    <div class="today">
      <h3>Today</h3>
      <svg
        class="strip"
        viewBox={`0 0 ${(end - begin) / MINUTE} 10`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {pieces.map(({ from, until, stretch }) => (
          <rect
            key={`${stretch.from} ${stretch.status.id}`}
            class={`${KIND_COLOURS[stretch.status.kind]}${stretch.confirmed ? "" : " unsure"}`}
            x={(from - begin) / MINUTE}
            width={(until - from) / MINUTE}
            height="10"
          />
        ))}
      </svg>
      <p class="small">{totals(pieces, end - begin).join(", ")}</p>
      <details>
        <summary>Each change</summary>
        <ul>
          {pieces.map(({ from, until, stretch }) => (
            <li key={`${stretch.from} ${stretch.status.id}`}>
              <p class="small">{words(from, until, stretch, now)}</p>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** Asks for today anew with each change and once a minute; it costs the help desk nothing. */
function useToday(account: AccountView, now: number) {
  const [stretches, setStretches] = useState<Stretch[]>([]);
  const [problem, setProblem] = useState<Failure | null>(null);
  const asked = useRef(0);
  const { account: name, status, certainty } = account;
  const moment = `${status?.id} ${certainty} ${Math.floor(now / MINUTE)}`;
  useEffect(() => {
    asked.current += 1;
    const mine = asked.current;
    const since = new Date(startOfDay(new Date(now))).toISOString();
    ask({ ask: "history", account: name, since })
      .then((answer) => {
        if (mine !== asked.current || !("history" in answer)) return;
        setStretches(answer.history.stretches);
        setProblem(null);
      })
      .catch((error) => mine === asked.current && setProblem(failure(error)));
  }, [name, moment]);
  return { stretches, problem };
}

/** The parts that lie in today. */
function cut(stretches: Stretch[], now: number): Piece[] {
  const midnight = startOfDay(new Date(now));
  return stretches
    .map((stretch) => ({
      from: Math.max(Date.parse(stretch.from), midnight),
      until: Math.min(Date.parse(stretch.until), now),
      stretch,
    }))
    .filter(({ from, until }) => from <= until);
}

/** How long in which status, the longest first; last, how long nothing is known. */
function totals(pieces: Piece[], whole: number): string[] {
  const sums = new Map<string, { name: string; sum: number }>();
  let known = 0;
  for (const { from, until, stretch } of pieces) {
    const { id, name } = stretch.status;
    const mark = stretch.confirmed ? "" : " (unconfirmed)";
    const before = sums.get(`${id}${mark}`)?.sum ?? 0;
    sums.set(`${id}${mark}`, { name: `${isolate(name)}${mark}`, sum: before + until - from });
    known += until - from;
  }
  const told = [...sums.values()]
    .filter(({ sum }) => sum >= MINUTE)
    .sort((one, other) => other.sum - one.sum);
  const unknown = whole - known;
  return [
    ...told.map(({ name, sum }) => `${name} ${lasted(sum)}`),
    ...(unknown >= MINUTE ? [`not known ${lasted(unknown)}`] : []),
  ];
}

function words(from: number, until: number, stretch: Stretch, now: number): string {
  const [begin, end] = [from, until].map((at) => clock(new Date(at).toISOString(), now));
  const time = begin === end ? begin : `${begin} \u2013 ${end}`;
  const mark = stretch.confirmed ? "" : ", unconfirmed";
  return `${time} ${isolate(stretch.status.name)}${mark}${byWords(stretch.changed_by)}`;
}
