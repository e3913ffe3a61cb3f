// An invented team.

import type { NamedStatus } from "../generated/NamedStatus";
import type { Team } from "../generated/Team";
import type { TeamAgent } from "../generated/TeamAgent";
import { IDLE, STATUSES } from "./stories";

function agent(id: string, name: string, place: number, more: Partial<TeamAgent> = {}): TeamAgent {
  const { id: status, name: words, kind, custom } = STATUSES[place] as NamedStatus;
  return {
    id,
    name,
    you: false,
    status: { id: status, name: words, kind, custom },
    reason: null,
    reason_in_words: null,
    since: "2026-11-23T13:10:00Z",
    channels: [
      { name: "support", state: "online", work_items: 5, capacity: 10 },
      { name: "talk", state: "transfers_only", work_items: null, capacity: null },
    ],
    group_ids: ["6"],
    ...more,
  };
}

export const TEAM: Team = {
  agents: [
    agent("11", "Ada Example", 0, { you: true }),
    agent("15", "Ben Billing", 1, {
      reason: "AGENT_IDLE_TIMEOUT",
      reason_in_words: IDLE,
      group_ids: ["6", "7"],
    }),
    agent("16", "<b>Cleo</b>", 4, { channels: [], since: null, group_ids: [] }),
  ],
  groups: [
    { id: "7", name: "Billing" },
    { id: "6", name: "Support" },
  ],
  statuses: STATUSES,
  as_of: "2026-11-23T14:04:50Z",
};
