// Finding statuses by a few typed letters.

import type { Choosable } from "./generated/Choosable";
import { kindWords } from "./words";

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
