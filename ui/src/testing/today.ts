// A day for the strip: a night, a morning, lunch, a forced change, a gap, and what nobody confirms.

import type { ChangedBy } from "../generated/ChangedBy";
import type { History } from "../generated/History";
import type { StatusKind } from "../generated/StatusKind";
import type { Stretch } from "../generated/Stretch";
import { IDLE } from "./stories";

function stretch(
  from: string,
  until: string,
  [id, name, kind]: [string, string, StatusKind],
  changed_by: ChangedBy,
  more: Partial<Stretch> = {},
): Stretch {
  return {
    from: `2026-11-23T${from}:00Z`,
    until: `2026-11-23T${until}:00Z`,
    status: { id, name, kind, custom: id.length > 1 },
    confirmed: true,
    changed_by,
    reason: null,
    ...more,
  };
}

/** It begins the evening before, and ends just before the stories' time. */
export const DAY: Stretch[] = [
  stretch("00:00", "08:00", ["5", "Offline", "offline"], "unknown", { from: "2026-11-22T17:00:00Z" }),
  stretch("08:00", "11:00", ["2", "Online", "online"], "you"),
  stretch("11:00", "11:45", ["1001", "Lunch", "away"], "you"),
  stretch("11:45", "12:00", ["3", "Away", "away"], "other", { reason: "AGENT_IDLE_TIMEOUT" }),
  stretch("13:00", "14:04", ["2", "Online", "online"], "you", { confirmed: false }),
];

/** The same with the help desk's word in plain words. */
export const HISTORY: History = {
  stretches: DAY,
  unreadable: 0,
  reasons: { AGENT_IDLE_TIMEOUT: IDLE },
};
