import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { AccountView } from "../generated/AccountView";
import type { Failure } from "../generated/Failure";
import type { History } from "../generated/History";
import type { Stretch } from "../generated/Stretch";
import { ask, failure } from "../ipc";
import { byWords, clock, isolate, lasted, MINUTE, startOfDay } from "../words";
import { Strip } from "./strip";

/** A stretch of today, by the clock in milliseconds. */
export type Piece = {
  from: number;
  until: number;
  stretch: Stretch;
  /** It stays the same while the stretch grows. */
  key: string;
  /** When, in what, and why. */
  words: string;
};

/** Today's time in status and who changed it, as far as it is known. */
export function Today({ account, now }: { account: AccountView; now: number }) {
  const { history, problem } = useToday(account, now);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  if (problem) return <p class="today small">{problem.message}</p>;
  const pieces = cut(history, now);
  const begin = Math.min(...pieces.map((piece) => piece.from));
  const last = Math.max(...pieces.map((piece) => piece.until));
  // While the light is on, the moments since the last word are nobody's yet.
  const end = account.certainty === "unknown" ? now : last;
  if (pieces.length === 0 || end - begin < MINUTE) return null;
  return (
    <div class="today">
      <div class="line">
        <button
          type="button"
          class="opener"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          Today
        </button>
        <Strip pieces={pieces} begin={begin} end={end} />
      </div>
      <div id={id} class="unfolded" hidden={!isOpen}>
        <p class="small">{totals(pieces, end - begin).join(", ")}</p>
        <ul>
          {pieces.map(({ key, words }) => (
            <li key={key}>
              <p class="small">{words}</p>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

const NOTHING: History = { stretches: [], unreadable: 0, reasons: {} };

/** Asks for today anew with each change and once a minute; it costs the help desk nothing. */
function useToday(account: AccountView, now: number) {
  const [history, setHistory] = useState<History>(NOTHING);
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
        setHistory(answer.history);
        setProblem(null);
      })
      .catch((error) => mine === asked.current && setProblem(failure(error)));
  }, [name, moment]);
  return { history, problem };
}

/** The parts that lie in today. */
function cut({ stretches, reasons }: History, now: number): Piece[] {
  const midnight = startOfDay(new Date(now));
  return stretches
    .map((stretch) => ({
      from: Math.max(Date.parse(stretch.from), midnight),
      until: Math.min(Date.parse(stretch.until), now),
      stretch,
      key: `${stretch.from} ${stretch.status.id}`,
    }))
    .filter(({ from, until }) => from <= until)
    .map((piece) => ({ ...piece, words: words(piece, reasons, now) }));
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

function words({ from, until, stretch }: Omit<Piece, "words">, reasons: History["reasons"], now: number) {
  const [begin, end] = [from, until].map((at) => clock(new Date(at).toISOString(), now));
  const time = begin === end ? begin : `${begin} \u2013 ${end}`;
  const mark = stretch.confirmed ? "" : ", unconfirmed";
  const reason = stretch.reason === null ? undefined : reasons[stretch.reason];
  const why = reason ? `. ${reason}` : "";
  return `${time} ${isolate(stretch.status.name)}${mark}${byWords(stretch.changed_by)}${why}`;
}
