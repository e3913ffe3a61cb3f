// Whether work comes, by the help desk's word for each channel.

import type { Channel } from "./generated/Channel";
import type { StatusKind } from "./generated/StatusKind";
import { isolate, kindOf, stateWords } from "./words";

/** How work comes in a channel; "limit" is for as many work items as there can be. */
type Comes = "yes" | "perhaps" | "no" | "by_transfer" | "limit";

type Named = {
  name: string;
  isMany: boolean;
  item: string;
  /** How work comes while the channel is away. */
  away: Comes;
};

/**
 * The channels by what comes in them. Zendesk still routes e-mail, with web forms, to who is away:
 * https://support.zendesk.com/hc/en-us/articles/4410545721114
 */
const CHANNELS = new Map<string, Named>([
  ["support", { name: "e-mail", isMany: false, item: "ticket", away: "perhaps" }],
  ["messaging", { name: "messaging", isMany: false, item: "conversation", away: "no" }],
  ["chat", { name: "chats", isMany: true, item: "chat", away: "no" }],
  ["talk", { name: "calls", isMany: true, item: "call", away: "no" }],
]);

/** What the channels receive now, as one sentence. */
export function workWords(channels: readonly Channel[]): string {
  const are = (wanted: Comes) => channels.filter((channel) => comes(channel) === wanted).map(named);
  const [yes, perhaps, no] = [are("yes"), are("perhaps"), are("no")];
  const reach = yes.length + perhaps.length > 0 ? "" : " reach you";
  const unknown = channels.filter((channel) => comes(channel) === null);
  return [
    clause(yes, "reaches you", "reach you"),
    clause(perhaps, "may reach you", "may reach you"),
    clause(no, `does not${reach}`, `do not${reach}`),
    clause(are("by_transfer"), "reaches you by transfer only", "reach you by transfer only"),
    clause(are("limit"), "is at the limit", "are at the limit"),
    ...unknown.map((channel) => `${named(channel).name}: ${isolate(channel.state)}`),
  ]
    .filter(Boolean)
    .join(", ");
}

/** One channel: its state, how much work is in it, and what of that its state does not tell. */
export function channelLine(channel: Channel): string {
  const { name } = named(channel);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${[
    stateWords(channel.state) ?? isolate(channel.state),
    items(channel),
    MORE[comes(channel) ?? "yes"],
  ]
    .filter(Boolean)
    .join(", ")}`;
}

const MORE: Partial<Record<Comes, string>> = { perhaps: "more may reach you", limit: "at the limit" };

function named({ name }: Channel): Named {
  const known = CHANNELS.get(name.toLowerCase());
  return known ?? { name: isolate(name), isMany: false, item: "work item", away: "perhaps" };
}

/** How work comes in a channel, where its state is one that is known here. */
function comes(channel: Channel): Comes | null {
  const kind = kindOf(channel.state);
  if (kind === null) return null;
  const states: Record<StatusKind, Comes> = {
    online: "yes",
    away: named(channel).away,
    transfers_only: "by_transfer",
    offline: "no",
  };
  const { work_items, capacity } = channel;
  const isAtLimit = work_items !== null && capacity !== null && work_items >= capacity;
  const mayCome = states[kind] === "yes" || states[kind] === "perhaps";
  return mayCome && isAtLimit ? "limit" : states[kind];
}

function items(channel: Channel): string {
  const { work_items, capacity } = channel;
  const { item } = named(channel);
  const many = (count: number) => `${count} ${item}${count === 1 ? "" : "s"}`;
  if (capacity === null) return work_items === null ? "" : many(work_items);
  return work_items === null ? `at most ${many(capacity)}` : `${work_items} of ${many(capacity)}`;
}

function clause(channels: readonly Named[], one: string, many: string): string {
  const names = channels.map(({ name }) => name);
  const last = names.pop();
  if (last === undefined) return "";
  const all = names.length > 0 ? `${names.join(", ")} and ${last}` : last;
  return `${all} ${names.length > 0 || channels[0]?.isMany ? many : one}`;
}
