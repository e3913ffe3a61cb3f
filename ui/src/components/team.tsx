import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { findAgents } from "../find";
import type { AccountView } from "../generated/AccountView";
import type { Choosable } from "../generated/Choosable";
import type { Failure } from "../generated/Failure";
import type { Narrowed } from "../generated/Narrowed";
import type { Team as TeamRead } from "../generated/Team";
import type { TeamAgent } from "../generated/TeamAgent";
import { act, ask, failure } from "../ipc";
import { age, channelWords, clock, isolate } from "../words";
import { can } from "./able";
import { Light } from "./light";
import { SetStatus } from "./set-status";

const ALL: Narrowed = { status: null, group: null, channel: null };
const CHANNELS = ["support", "messaging", "talk"];

/** All agents of an account. It is read when it is opened, when asked, and after a change; never by a timer. */
export function Team({ account, now }: { account: AccountView; now: number }) {
  const [narrowed, narrow] = useState(ALL);
  const [query, setQuery] = useState("");
  const [setting, setSetting] = useState<string | null>(null);
  const [done, setDone] = useState("");
  const { team, problem, reading, read, refuse } = useTeam(account.account, narrowed);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useLayoutEffect(() => heading.current?.focus(), []);
  const shown = useMemo(() => findAgents(team?.agents ?? [], query), [team, query]);

  const set = async (agent: TeamAgent, status: Choosable) => {
    setSetting(null);
    setDone("");
    try {
      await act({ do: "set_agent", account: account.account, agent: agent.id, status: status.id });
      setDone(`${isolate(agent.name)} is ${isolate(status.name)} now.`);
      read();
    } catch (error) {
      refuse(failure(error));
    }
  };

  return (
    <section class="team" aria-labelledby={id} onKeyDown={moveByArrows}>
      <header class="who">
        <h3 id={id} ref={heading} tabIndex={-1}>
          Team
        </h3>
        <button type="button" class="quiet" onClick={() => reading || read()}>
          {reading ? "Reading…" : "Read again"}
        </button>
      </header>
      <Filters team={team} narrowed={narrowed} narrow={narrow} query={query} search={setQuery} />
      {problem && <p role="alert">{problem.message}</p>}
      <p class="unseen" role="status">
        {done}
      </p>
      {done && (
        <p class="done" aria-hidden="true">
          {done}
        </p>
      )}
      {team && (
        <p class="small">
          {shown.length === 1 ? "1 agent" : `${shown.length} agents`}, read {age(team.as_of, now)}
        </p>
      )}
      <ul class="agents" aria-label="Agents">
        {shown.map((agent) => (
          <li key={agent.id} data-agent={agent.id}>
            <Agent agent={agent} now={now} groups={team?.groups ?? []} />
            {setting === agent.id ? (
              <SetStatus
                agent={agent}
                statuses={team?.statuses ?? []}
                set={(status) => set(agent, status)}
                close={() => setSetting(null)}
              />
            ) : (
              agent.status &&
              can(account, "set_others") && (
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Set the status of ${agent.name}`}
                  onClick={() => setSetting(agent.id)}
                >
                  Set status
                </button>
              )
            )}
          </li>
        ))}
      </ul>
      {team && shown.length === 0 && <p class="empty">No agent fits.</p>}
    </section>
  );
}

/** Arrows lead from the search to the agents, and from one to the next. */
function moveByArrows(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const at = event.target instanceof HTMLElement ? event.target : null;
  if (step === 0 || event.altKey || !at?.matches("input, .agents li > button")) return;
  const part = event.currentTarget as HTMLElement;
  const stops = [
    ...part.querySelectorAll<HTMLElement>("input[type=search]"),
    ...part.querySelectorAll<HTMLElement>(".agents li > button"),
  ];
  const next = stops[stops.indexOf(at) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Reads the team; an answer that a later question overtook counts for nothing. */
function useTeam(account: string, narrowed: Narrowed) {
  const [team, setTeam] = useState<TeamRead | null>(null);
  const [problem, setProblem] = useState<Failure | null>(null);
  const [reading, setReading] = useState(true);
  const asked = useRef(0);
  const read = () => {
    asked.current += 1;
    const mine = asked.current;
    setReading(true);
    ask({ ask: "team", account, narrowed })
      .then((answer) => {
        if (mine !== asked.current || !("team" in answer)) return;
        setTeam(answer.team);
        setProblem(null);
      })
      .catch((error) => {
        if (mine !== asked.current) return;
        // What was read before may be wrong by now.
        setTeam(null);
        setProblem(failure(error));
      })
      .finally(() => mine === asked.current && setReading(false));
  };
  useEffect(read, [account, narrowed]);
  return { team, problem, reading, read, refuse: setProblem };
}

type FiltersProps = {
  team: TeamRead | null;
  narrowed: Narrowed;
  narrow: (to: Narrowed) => void;
  query: string;
  search: (query: string) => void;
};

function Filters({ team, narrowed, narrow, query, search }: FiltersProps) {
  const picked = (event: Event) => (event.currentTarget as HTMLSelectElement).value || null;
  return (
    <div class="filters">
      <input
        type="search"
        aria-label="Search agents"
        placeholder="Search agents"
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        value={query}
        onInput={(event) => search((event.currentTarget as HTMLInputElement).value)}
      />
      <select
        aria-label="Status"
        value={narrowed.status ?? ""}
        onChange={(event) => narrow({ ...narrowed, status: picked(event) })}
      >
        <option value="">Any status</option>
        {team?.statuses.map((status) => (
          <option key={status.id} value={status.id}>
            {status.name}
          </option>
        ))}
      </select>
      <select
        aria-label="Group"
        value={narrowed.group ?? ""}
        onChange={(event) => narrow({ ...narrowed, group: picked(event) })}
      >
        <option value="">Any group</option>
        {team?.groups.map((group) => (
          <option key={group.id} value={group.id}>
            {group.name}
          </option>
        ))}
      </select>
      <select
        aria-label="Channel"
        value={narrowed.channel?.name ?? ""}
        onChange={(event) => {
          const name = picked(event);
          narrow({ ...narrowed, channel: name === null ? null : { name, state: "online" } });
        }}
      >
        <option value="">Any channel</option>
        {CHANNELS.map((name) => (
          <option key={name} value={name}>
            Online in {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Agent({ agent, now, groups }: { agent: TeamAgent; now: number; groups: TeamRead["groups"] }) {
  const { status, since, reason_in_words } = agent;
  const names = groups.filter((group) => agent.group_ids.includes(group.id)).map((group) => group.name);
  return (
    <div class="member">
      {status && (
        <span class="lamp">
          <Light light={{ shape: "status", kind: status.kind }} decorative />
        </span>
      )}
      <div class="text">
        <p class="person">
          <bdi>{agent.name}</bdi>
          {agent.you && <span class="mark"> You</span>}
        </p>
        {status && (
          <p>
            <bdi>{status.name}</bdi>
            {since && ` since ${clock(since, now)}`}
          </p>
        )}
        {reason_in_words && <p class="small">{reason_in_words}</p>}
        {agent.channels.length > 0 && <p class="small">{agent.channels.map(channelWords).join(", ")}</p>}
        {names.length > 0 && <p class="small">{names.join(", ")}</p>}
      </div>
    </div>
  );
}
