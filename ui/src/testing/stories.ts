// The views a person can meet, by name: for the tests and for whoever works on the window.

import type { AccountView } from "../generated/AccountView";
import type { Capability } from "../generated/Capability";
import type { Channel } from "../generated/Channel";
import type { Choosable } from "../generated/Choosable";
import type { Failure } from "../generated/Failure";
import type { NamedStatus } from "../generated/NamedStatus";
import type { PhoneView } from "../generated/PhoneView";
import type { StatusKind } from "../generated/StatusKind";
import type { View } from "../generated/View";

/** The time at which all stories happen. */
export const NOW = Date.parse("2026-11-23T14:05:00Z");

function named(id: string, name: string, kind: StatusKind, custom = false): NamedStatus {
  return { id, name, kind, custom };
}

const ONLINE = named("2", "Online", "online");
const AWAY = named("3", "Away", "away");
const LUNCH = named("1001", "Lunch", "away", true);

function choosable(status: NamedStatus, description = "", more: Partial<Choosable> = {}): Choosable {
  return { ...status, eligible: true, description, channels: {}, group_ids: [], uses: 0, ...more };
}

export const STATUSES: Choosable[] = [
  choosable(ONLINE, "Receives work in every channel"),
  choosable(AWAY, "Receives e-mail tickets only"),
  choosable(named("4", "Transfers only", "transfers_only"), "Receives what colleagues hand over"),
  choosable(named("5", "Offline", "offline"), "Receives nothing"),
  choosable(LUNCH, "Back within the hour"),
  choosable(named("1002", "Training", "offline", true), "Courses and coaching"),
  choosable(named("1003", "E-mail only", "online", true)),
  choosable(named("1004", "Escalations", "transfers_only", true), "Second line", {
    eligible: false,
    group_ids: ["7"],
  }),
];

const LIBREDESK: Choosable[] = [
  choosable(named("online", "Online", "online"), "New conversations are assigned to you."),
  choosable(named("away_manual", "Away", "away"), "No new conversations are assigned to you."),
  choosable(
    named("away_and_reassigning", "Away and reassign replies", "away"),
    "No new conversations are assigned to you, and a reply to one that you closed goes back to your team.",
  ),
];

const ADMINS = "Zendesk lets only admins do that, and your role is “agent”. Ask an admin.";

function capability(name: Capability["name"], words: string, why: string | null): Capability {
  return { name, words, has: why === null ? { answer: "yes" } : { answer: "no", why } };
}

/** What a plain agent may do, or an admin. */
export function capabilities(admin: boolean): Capability[] {
  const why = admin ? null : ADMINS;
  return [
    capability("read_status", "Read your status", null),
    capability("choose_statuses", "Choose statuses", null),
    capability("talk", "Take calls", null),
    capability("team", "See the team", why),
    capability("set_others", "Set another agent’s status", why),
    capability("capacity_rules", "See capacity rules", why),
  ];
}

/** What is told of the channels in a status that is the same to all of them. */
function channels({ kind }: NamedStatus): Channel[] {
  return [
    { name: "messaging", state: kind, work_items: 2, capacity: 3 },
    { name: "support", state: kind, work_items: 5, capacity: 10 },
    { name: "talk", state: kind, work_items: 0, capacity: 1 },
  ];
}

export function account(more: Partial<AccountView> = {}): AccountView {
  const { status = ONLINE, helpdesk = "zendesk" } = more;
  return {
    account: "acme",
    helpdesk,
    url: "https://acme.zendesk.com",
    client_id: null,
    agent: { id: "11", name: "Ada Example" },
    default: true,
    relevant: true,
    link: "ok",
    light: { shape: "status", kind: "online" },
    headline: "Online",
    status,
    certainty: "confirmed",
    as_of: "2026-11-23T14:04:48Z",
    since: "2026-11-23T13:10:00Z",
    timed: null,
    previous: null,
    changed_by: "you",
    reason: null,
    reason_in_words: null,
    channels: status && helpdesk === "zendesk" ? channels(status) : [],
    phone: null,
    switching_to: null,
    statuses: STATUSES,
    offer: null,
    failed: null,
    trouble: null,
    guard: null,
    everywhere: [
      { kind: "online", status: ONLINE, mapped: false },
      { kind: "away", status: AWAY, mapped: false },
      { kind: "transfers_only", status: null, mapped: false },
      { kind: "offline", status: null, mapped: true },
    ],
    limits: null,
    capabilities: capabilities(false),
    note: null,
    presence: null,
    ...more,
  };
}

function one(more: Partial<AccountView> = {}): View {
  return { accounts: [account(more)], hints: [] };
}

/** A phone that rings in the browser, with nothing to tell. */
function phone(more: Partial<PhoneView> = {}): PhoneView {
  return {
    via: "client",
    call: null,
    call_since: null,
    switching_to: null,
    failed: null,
    barred: null,
    after_call: null,
    ...more,
  };
}

function failure(code: Failure["code"], message: string, retry_after_s: number | null = null): Failure {
  return { code, message, retry_after_s };
}

export const IDLE = "Zendesk’s idle timeout: it saw no activity in its browser tab.";
const FORCED = one({
  light: { shape: "status", kind: "away" },
  headline: "Away",
  status: AWAY,
  since: "2026-11-23T14:03:00Z",
  previous: ONLINE,
  changed_by: "other",
  reason: "AGENT_IDLE_TIMEOUT",
  reason_in_words: IDLE,
  offer: {
    because: "forced_change",
    put_back: ONLINE,
    from: "Online",
    to: "Away",
    at: "2026-11-23T14:03:00Z",
    changes: 1,
    reason_in_words: IDLE,
  },
});

const LONG = `A very long name ${"that an admin made longer and longer ".repeat(8)}`.slice(0, 300);
const STRANGE = [
  named("1", "<img src=x onerror=alert(1)><b>Bold</b>", "away", true),
  named("2", "☕️ Kaffee 👩‍💻 🏳️‍🌈", "away", true),
  named("3", "הפסקת צהריים (30)", "offline", true),
  named("4", "\u202eesrever", "transfers_only", true),
  named("5", LONG, "online", true),
  named("6", "ThisNameHasNotASingleSpaceInItAndGoesOnAndOnUntilNobodyKnowsWhereItEnds", "offline", true),
];

function many(): Choosable[] {
  const kinds: StatusKind[] = ["online", "away", "transfers_only", "offline"];
  return Array.from({ length: 500 }, (_, n) =>
    choosable(
      named(String(2000 + n), `Status ${n + 1}`, kinds[n % 4] ?? "away", true),
      `Number ${n + 1} of many`,
    ),
  );
}

/** By name, in the order of a working day. */
export const STORIES: Record<string, View> = {
  welcome: { accounts: [], hints: [] },
  checking: one({
    light: { shape: "not_confirmed" },
    headline: "Checking…",
    status: null,
    certainty: "unknown",
    as_of: null,
    since: null,
    changed_by: null,
    statuses: [],
  }),
  online: one(),
  timed: one({
    light: { shape: "status", kind: "away" },
    headline: "Lunch",
    status: LUNCH,
    since: "2026-11-23T13:55:00Z",
    timed: { until: "2026-11-23T14:30:00Z", back_to: ONLINE },
  }),
  libredesk: one({
    account: "help",
    helpdesk: "libredesk",
    url: "https://help.example.com",
    note: "Statuslight keeps you Online while it runs and your screen is unlocked.",
    presence: { keep_online: true, away_when_idle: false, tells_at_once: { answer: "yes" } },
    statuses: LIBREDESK,
  }),
  libredesk_offline: one({
    account: "help",
    helpdesk: "libredesk",
    url: "https://help.example.com",
    light: { shape: "status", kind: "offline" },
    headline: "Offline",
    status: named("offline", "Offline", "offline"),
    changed_by: "other",
    note: "You still receive conversations: only Away stops Libredesk from assigning them.",
    presence: {
      keep_online: false,
      away_when_idle: true,
      tells_at_once: { answer: "no", why: "No websocket can be opened (HTTP status 404)." },
    },
    statuses: LIBREDESK,
  }),
  // A status of the admin's own: as many messaging conversations as fit, and a channel that nobody knows.
  some_work: one({
    headline: "E-mail first",
    status: named("1005", "E-mail first", "online", true),
    channels: [
      { name: "messaging", state: "ONLINE", work_items: 3, capacity: 3 },
      { name: "support", state: "online", work_items: 1, capacity: null },
      { name: "talk", state: "offline", work_items: 0, capacity: 1 },
      { name: "\u202exaf", state: "on_break", work_items: null, capacity: 4 },
    ],
  }),
  leader: one({ capabilities: capabilities(true) }),
  transfers: one({
    light: { shape: "status", kind: "transfers_only" },
    headline: "Transfers only",
    status: named("4", "Transfers only", "transfers_only"),
  }),
  offline: one({
    light: { shape: "status", kind: "offline" },
    headline: "Offline",
    status: named("5", "Offline", "offline"),
  }),
  lunch_after_call: one({
    phone: phone({
      via: "phone",
      call: "wrap_up",
      call_since: "2026-11-23T14:04:00Z",
      after_call: LUNCH,
    }),
  }),
  call_ended: one({
    offer: {
      because: "call_ended",
      put_back: LUNCH,
      from: "Online",
      to: "Online",
      at: "2026-11-23T14:04:00Z",
      changes: 1,
      reason_in_words: "Your call ended while that could not be seen.",
    },
  }),
  on_a_call: one({
    phone: phone({ call: "on_call", call_since: "2026-11-23T14:01:00Z" }),
  }),
  phone_failed: one({
    phone: phone({
      via: null,
      failed: {
        to: "phone",
        failure: {
          code: "refused",
          message: "Zendesk does not let your role do that. Nothing was changed.",
          retry_after_s: null,
        },
        at: "2026-11-23T14:04:00Z",
      },
      barred: "Zendesk does not let your role change where calls ring.",
    }),
  }),
  switching: one({ light: { shape: "switching" }, headline: "Switching to Lunch…", switching_to: LUNCH }),
  forced: FORCED,
  // As many statuses as a small company has, and nothing besides.
  six: one({ statuses: STATUSES.slice(0, 6) }),
  // All at once.
  crowded: {
    accounts: FORCED.accounts.map((account) => ({
      ...account,
      phone: phone(),
      capabilities: capabilities(true),
    })),
    hints: [],
  },
  "several-forced": {
    ...FORCED,
    accounts: FORCED.accounts.map((account) => ({
      ...account,
      offer: account.offer && { ...account.offer, changes: 3 },
    })),
  },
  "phone-moved": one({
    light: { shape: "status", kind: "away" },
    headline: "Phone: Away",
    status: null,
    certainty: "projected",
    changed_by: "other",
    channels: [{ name: "talk", state: "away", work_items: null, capacity: null }],
    offer: {
      because: "phone_moved",
      put_back: ONLINE,
      from: "Online",
      to: "Phone: Away",
      at: "2026-11-23T14:03:00Z",
      changes: 1,
      reason_in_words:
        "Away or Lunch would explain it. Your role may read only your phone channel, so the reason is not known.",
    },
  }),
  "nothing-to-put-back": {
    ...FORCED,
    accounts: FORCED.accounts.map((account) => ({
      ...account,
      offer: account.offer && { ...account.offer, put_back: null },
    })),
  },
  "break-ended": one({
    light: { shape: "status", kind: "away" },
    headline: "Lunch",
    status: LUNCH,
    since: "2026-11-23T13:00:00Z",
    offer: {
      because: "timed_status_ended",
      put_back: ONLINE,
      from: "Lunch",
      to: "Lunch",
      at: "2026-11-23T13:30:00Z",
      changes: 1,
      reason_in_words: "Your computer was asleep, so nothing was switched.",
    },
  }),
  projected: one({
    light: { shape: "status", kind: "away" },
    headline: "Phone: Away",
    status: null,
    certainty: "projected",
    since: null,
    changed_by: null,
    channels: [{ name: "talk", state: "away", work_items: null, capacity: null }],
    limits:
      "Zendesk lets your role read only your phone channel. The light follows it and what you set last.",
  }),
  assumed: one({
    light: { shape: "unconfirmed", kind: "away" },
    headline: "Lunch (unconfirmed)",
    status: LUNCH,
    certainty: "assumed",
    since: "2026-11-23T14:03:00Z",
    limits:
      "Zendesk does not let your role read your status. The light shows what you set last, marked as unconfirmed.",
  }),
  unreachable: one({
    link: "unreachable",
    light: { shape: "unreachable" },
    headline: "Zendesk cannot be reached",
    certainty: "unknown",
    as_of: "2026-11-23T13:50:00Z",
    trouble: failure(
      "unreachable",
      "Zendesk cannot be reached (no route to host). Your status is not confirmed. Check your network.",
    ),
  }),
  failed: one({
    failed: {
      to: LUNCH,
      at: "2026-11-23T14:04:30Z",
      failure: failure(
        "rate_limited",
        "Zendesk has had too many requests from your company and asks to wait. The change was not made.",
        45,
      ),
    },
  }),
  locked: one({
    link: "locked",
    light: { shape: "locked" },
    headline: "Zendesk account locked",
    certainty: "unknown",
    as_of: "2026-11-23T14:00:00Z",
    trouble: failure(
      "account_locked",
      "Your company's Zendesk account is locked. Statuses cannot be changed until an admin unlocks it.",
    ),
  }),
  "signed-out": one({
    link: "signed_out",
    light: { shape: "signed_out" },
    headline: "Signed out",
    certainty: "unknown",
    trouble: failure(
      "signed_out",
      "Zendesk refused the sign-in. Your status cannot be read or changed. Sign in again.",
    ),
  }),
  hints: {
    ...one(),
    hints: [
      {
        topic: "tray",
        message:
          "This desktop shows no tray icons, so the light is in this window only. On GNOME, install the extension “AppIndicator and KStatusNotifierItem Support”.",
      },
      {
        topic: "keyring",
        message:
          "The keyring is locked. You stay signed in until you quit. Unlock it and sign in again to be remembered.",
      },
    ],
  },
  "two-accounts": {
    accounts: [
      ...one().accounts,
      ...FORCED.accounts.map((account) => ({
        ...account,
        account: "globex",
        url: "https://globex.zendesk.com",
        default: false,
      })),
    ],
    hints: [],
  },
  strange: one({
    headline: LONG,
    status: STRANGE[4] ?? null,
    statuses: STRANGE.map((status) => choosable(status, "<i>described</i>")),
    agent: { id: "1", name: "עדה <script>alert(1)</script>" },
  }),
  many: one({ statuses: many(), status: named("2007", "Status 8", "offline", true), headline: "Status 8" }),
};
