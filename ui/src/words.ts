// The texts that are made here; all others come with the view.

import type { AccountView } from "./generated/AccountView";
import type { ChangedBy } from "./generated/ChangedBy";
import type { Channel } from "./generated/Channel";
import type { Choosable } from "./generated/Choosable";
import type { HelpDeskName } from "./generated/HelpDeskName";
import type { Light } from "./generated/Light";
import type { StatusKind } from "./generated/StatusKind";

export const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const KINDS: Record<StatusKind, string> = {
  online: "Online",
  away: "Away",
  transfers_only: "Transfers only",
  offline: "Offline",
};

const HELP_DESKS: Record<HelpDeskName, string> = { zendesk: "Zendesk", libredesk: "Libredesk" };

/** A kind in an agent's words. */
export function kindWords(kind: StatusKind): string {
  return KINDS[kind];
}

/** A help desk's name as its maker writes it. */
export function deskWords(name: HelpDeskName): string {
  return HELP_DESKS[name];
}

/** What a light says to those who do not see it. */
export function lightWords(light: Light): string {
  switch (light.shape) {
    case "status":
      return KINDS[light.kind];
    case "unconfirmed":
      return `${KINDS[light.kind]}, unconfirmed`;
    case "switching":
      return "Switching";
    case "not_confirmed":
      return "Not confirmed";
    case "unreachable":
      return "Cannot be reached";
    case "locked":
      return "Locked";
    case "signed_out":
      return "Signed out";
  }
}

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** The time of day, with the date where that is not today's; as the tray writes it. */
export function clock(at: string, now: number): string {
  const then = new Date(at);
  const time = TIME.format(then);
  const days = Math.abs(startOfDay(then) - startOfDay(new Date(now))) / DAY;
  if (days < 0.5) return time;
  return `${(days < 6.5 ? WEEKDAY : DATE).format(then)} ${time}`;
}

/** The midnight before, where the agent is. */
export function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** How long ago something was, as far as a person cares. */
export function age(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / MINUTE);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return `at ${clock(at, now)}`;
}

/** How sure the shown status is, and why no surer. */
export function certainty(account: AccountView, now: number): string {
  const desk = deskWords(account.helpdesk);
  const { as_of, since, status, switching_to } = account;
  if (switching_to !== null) {
    return status === null
      ? `Waiting for ${desk} to confirm`
      : `${isolate(status.name)} until ${desk} confirms the switch`;
  }
  switch (account.certainty) {
    case "confirmed":
      return as_of === null ? "Confirmed" : `Confirmed ${age(as_of, now)}`;
    case "projected":
      return as_of === null
        ? "Seen only through your phone channel"
        : `Seen only through your phone channel, ${age(as_of, now)}`;
    case "assumed": {
      const when = since === null ? "" : ` ${clock(since, now)}`;
      return `Set by you${when}; ${desk} does not let your role read it`;
    }
    case "unknown":
      if (account.limits !== null && status === null && account.link === "ok") {
        return `${desk} does not let your role read it; what you choose here is shown from then on`;
      }
      if (as_of !== null) return `Not confirmed since ${clock(as_of, now)}`;
      return account.trouble === null ? `Asking ${desk}` : "Your status is not known";
  }
}

/** Since when the status holds, until when, and who set it. */
export function duration(account: AccountView, now: number): string | null {
  const { since, timed, changed_by } = account;
  if (since === null || account.status === null) return null;
  // "Set by you 14:03" stands in the line above already; an unknown one is history.
  if (account.certainty === "assumed" || account.certainty === "unknown") return null;
  const ends = timed === null ? "" : `, until ${clock(timed.until, now)}`;
  return `Since ${clock(since, now)}${ends}${changed_by === null ? "" : byWords(changed_by)}`;
}

/** Who brought a status about, as a sentence goes on; of what is not sure nothing is said. */
export function byWords(by: ChangedBy): string {
  return by === "you" ? ", set by you" : by === "other" ? ", not set by you" : "";
}

/** A time in hours and minutes. */
export function lasted(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  const rest = minutes % 60;
  if (minutes < 60) return `${rest} min`;
  return `${(minutes - rest) / 60} h ${String(rest).padStart(2, "0")} min`;
}

/** Why a status cannot be chosen by this agent, if it cannot. */
export function bar(status: Choosable): string | null {
  return status.eligible === false ? "Your groups may not use this status; an admin can change that" : null;
}

/** When another try makes sense, if the help desk said so. */
export function retry(at: string, seconds: number | null, now: number): string | null {
  if (seconds === null) return null;
  const free = Math.ceil((Date.parse(at) + seconds * 1000) / MINUTE) * MINUTE;
  return free <= now ? null : `Try again after ${clock(new Date(free).toISOString(), now)}.`;
}

/** The part of an address that tells accounts apart. */
export function host(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

/** Keeps a foreign text from reordering what stands around it. */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/** The whole text, for the tooltip of one that may be cut. */
export function whole(text: string): string | undefined {
  return text.length > 40 ? text : undefined;
}

/** A channel's state as a kind, where it is one, however the help desk writes it. */
export function kindOf(state: string): StatusKind | null {
  const kind = state.toLowerCase().replaceAll(" ", "_");
  return Object.hasOwn(KINDS, kind) ? (kind as StatusKind) : null;
}

/** A channel's state in a sentence, where it is one that is known here. */
export function stateWords(state: string): string | null {
  const kind = kindOf(state);
  return kind === null ? null : KINDS[kind].toLowerCase();
}

/** What a channel does now, and how much work is in it. */
export function channelWords(channel: Channel): string {
  const state = stateWords(channel.state) ?? channel.state;
  const most = channel.capacity === null ? "" : ` of ${channel.capacity}`;
  const work = channel.work_items === null ? "" : ` (${channel.work_items}${most})`;
  return `${channel.name} ${state}${work}`;
}
