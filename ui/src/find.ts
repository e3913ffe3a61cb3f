// Finding statuses by a few typed letters.

import type { Choosable } from "./generated/Choosable";
import type { TeamAgent } from "./generated/TeamAgent";
import { kindWords } from "./words";

/** The agents whose name, status or reason holds every word of the query, in the list's order. */
export function findAgents(agents: readonly TeamAgent[], query: string): readonly TeamAgent[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return agents.filter((agent) => {
    const text = plain(`${agent.name} ${agent.status?.name ?? ""} ${agent.reason_in_words ?? ""}`);
    return words.every((word) => text.includes(word));
  });
}

/** The statuses that hold every word of the query in name, kind or description, in the list's order. */
export function find(statuses: readonly Choosable[], query: string): readonly Choosable[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return statuses;
  return statuses.filter((status) => {
    const text = plain(`${status.name} ${kindWords(status.kind)} ${status.description}`);
    return words.every((word) => text.includes(word));
  });
}

/** Small letters without accents. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
