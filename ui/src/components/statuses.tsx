import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { find } from "../find";
import type { AccountView } from "../generated/AccountView";
import type { Certainty } from "../generated/Certainty";
import type { StatusId } from "../generated/StatusId";
import { bar } from "../words";
import type { Ask } from "./account";
import { type HowLong, HowLongRow, nextHalfHour, untilOf } from "./how-long";
import { Status } from "./status";

const PAGE = 8;

type Props = {
  account: AccountView;
  now: number;
  ask: Ask;
  /** A time is to be typed for the next status; to be called when it can be. */
  forATime: (() => void) | null;
};

/**
 * The statuses to choose from, and a search over them.
 *
 * Arrows point at a status, both in the search and in the list; nothing is chosen before Enter, a space
 * in the list, or a click.
 */
export function Statuses({ account, now, ask, forATime }: Props) {
  const [query, setQuery] = useState("");
  const [pointed, setPointed] = useState<StatusId | null>(null);
  const [howLong, setHowLong] = useState<HowLong>(null);
  const time = useRef<HTMLInputElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const shown = useMemo(() => find(account.statuses, query), [account.statuses, query]);
  const at = indexOf(shown, pointed);
  // The alert above the list says why.
  const closed = account.link === "locked";
  // Whoever types means the first that matches.
  const index = at < 0 && query !== "" && shown.length > 0 ? 0 : at;
  const active = index < 0 ? undefined : `${id}-${index}`;
  useLayoutEffect(() => {
    if (active) document.getElementById(active)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const isTimeWanted = forATime !== null && account.statuses.length > 0;
  useLayoutEffect(() => {
    if (isTimeWanted) setHowLong({ clock: nextHalfHour(now) });
  }, [isTimeWanted]);
  useLayoutEffect(() => {
    if (!isTimeWanted || !time.current) return;
    time.current.focus();
    time.current.select();
    forATime();
  });

  const point = (to: number) => {
    const status = shown[Math.max(0, Math.min(shown.length - 1, to))];
    if (status) setPointed(status.id);
  };
  const choose = (chosen: number) => {
    const status = shown[chosen];
    if (!status) return;
    setPointed(status.id);
    if (closed || bar(status) !== null) return;
    const until = untilOf(howLong);
    if (until === undefined) {
      time.current?.focus();
      return;
    }
    setQuery("");
    setHowLong(null);
    ask({ do: "choose", account: account.account, status: status.id, until });
  };
  const typed = (event: InputEvent) => {
    setPointed(null);
    setQuery((event.currentTarget as HTMLInputElement).value);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const inSearch = event.currentTarget === search.current;
    const keys: Record<string, () => void> = {
      ArrowDown: () => point(index + 1),
      ArrowUp: () => point(index < 0 ? shown.length - 1 : index - 1),
      PageDown: () => point(index + PAGE),
      PageUp: () => point(index - PAGE),
      Enter: () => event.repeat || choose(index),
    };
    if (!inSearch) {
      keys.Home = () => point(0);
      keys.End = () => point(shown.length - 1);
      keys[" "] = () => event.repeat || choose(index);
    }
    // It leads here, and whoever is here already means no more by it.
    if (inSearch && query === "") keys["/"] = () => {};
    if (query !== "") {
      keys.Escape = () => {
        setPointed(null);
        setQuery("");
      };
    }
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (!inSearch && event.key.length === 1 && event.key !== "/") {
      // The letter itself then lands in the search.
      search.current?.focus();
    }
  };
  const clicked = (event: MouseEvent) => {
    const option = event.target instanceof Element && event.target.closest("[role=option]");
    if (option) choose(Number(option.id.slice(id.length + 1)));
  };
  const entered = () => {
    if (index < 0) point(Math.max(0, indexOf(shown, account.status?.id)));
  };

  if (account.statuses.length === 0) {
    return <p class="empty">The statuses that you may choose are not known yet.</p>;
  }
  return (
    <div class="statuses">
      <div class="before">
        <HowLongRow
          howLong={howLong}
          set={setHowLong}
          field={time}
          done={() => list.current?.focus()}
          now={now}
        />
        <div class="search">
          <input
            ref={search}
            type="search"
            // biome-ignore lint/a11y/noRedundantRoles: without a datalist it is a search field until told otherwise
            role="combobox"
            list={undefined}
            aria-label="Search statuses"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls={`${id}-list`}
            aria-activedescendant={active}
            aria-keyshortcuts="/"
            placeholder="Search statuses"
            autocomplete="off"
            spellcheck={false}
            dir="auto"
            value={query}
            onInput={typed}
            onKeyDown={pressed}
          />
          <span class="key" aria-hidden="true">
            /
          </span>
        </div>
      </div>
      <div
        id={`${id}-list`}
        ref={list}
        class={query === "" ? "list" : "list searching"}
        role="listbox"
        tabIndex={0}
        aria-label="Statuses"
        aria-disabled={closed}
        aria-activedescendant={active}
        onKeyDown={pressed}
        onClick={clicked}
        onFocus={entered}
      >
        {shown.map((status, place) => (
          <Status
            key={status.id}
            id={`${id}-${place}`}
            status={status}
            bar={bar(status)}
            closed={closed}
            mark={markOf(account, status.id)}
            selected={status.id === account.status?.id}
            active={place === index}
          />
        ))}
      </div>
      {shown.length === 0 && (
        <p class="empty">
          No status matches “<bdi>{query}</bdi>”. Escape shows all {account.statuses.length} again.
        </p>
      )}
      <p class="unseen" role="status">
        {query === "" ? "" : `${shown.length} of ${account.statuses.length} statuses`}
      </p>
    </div>
  );
}

function indexOf(statuses: readonly { id: StatusId }[], id: StatusId | null | undefined): number {
  return statuses.findIndex((status) => status.id === id);
}

const MARKS: Record<Certainty, string> = {
  confirmed: "Current",
  projected: "Current",
  assumed: "Set by you",
  unknown: "Last known",
};

/** What a status is just now, in a word. */
function markOf(account: AccountView, id: StatusId): string | null {
  if (id === account.switching_to?.id) return "Switching…";
  if (id !== account.status?.id) return null;
  return MARKS[account.certainty];
}
