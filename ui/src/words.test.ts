// @vitest-environment node
import { expect, test } from "vitest";
import { find } from "./find";
import type { Choosable } from "./generated/Choosable";
import { account, NOW, STATUSES } from "./testing/stories";
import { age, certainty, clock, duration, host, lightWords, retry } from "./words";

const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

test("an age is as exact as a person needs", () => {
  expect(age(before(0), NOW)).toBe("just now");
  expect(age(before(59), NOW)).toBe("just now");
  expect(age(before(60), NOW)).toBe("1 min ago");
  expect(age(before(59 * 60), NOW)).toBe("59 min ago");
  expect(age(before(60 * 60), NOW)).toBe("at 13:05");
  // The help desk's clock may be ahead.
  expect(age(before(-30), NOW)).toBe("just now");
});

test("a time of another day says which", () => {
  expect(clock("2026-11-23T00:00:00Z", NOW)).toBe("00:00");
  expect(clock("2026-11-22T23:59:00Z", NOW)).toBe("Sun 23:59");
  expect(clock("2026-11-17T09:30:00Z", NOW)).toBe("Tue 09:30");
  expect(clock("2026-11-16T09:30:00Z", NOW)).toBe("16 Nov 09:30");
});

test("how sure a status is, in words", () => {
  const said = (more: Parameters<typeof account>[0]) => certainty(account(more), NOW);
  expect(said({})).toBe("Confirmed just now");
  expect(said({ as_of: before(125) })).toBe("Confirmed 2 min ago");
  expect(said({ certainty: "projected" })).toBe("Seen only through your phone channel, just now");
  expect(said({ certainty: "assumed", since: "2026-11-23T14:03:00Z" })).toBe(
    "Set by you 14:03; Zendesk does not let your role read it",
  );
  expect(said({ certainty: "unknown" })).toBe("Not confirmed since 14:04");
  expect(said({ certainty: "unknown", as_of: null, status: null })).toBe("Asking Zendesk");
});

test("since when a status holds is said where it is known", () => {
  const said = (more: Parameters<typeof account>[0]) => duration(account(more), NOW);
  const back_to = { id: "2", name: "Online", kind: "online", custom: false } as const;
  const timed = { until: "2026-11-23T14:30:00Z", back_to };
  expect(said({})).toBe("Since 13:10, set by you");
  expect(said({ changed_by: "other", timed })).toBe("Since 13:10, until 14:30, not set by you");
  expect(said({ changed_by: "unknown" })).toBe("Since 13:10");
  expect(said({ certainty: "unknown" })).toBeNull();
  expect(said({ since: null })).toBeNull();
});

test("waiting is said as a time of day, and only while it lasts", () => {
  expect(retry(before(30), 45, NOW)).toBe("Try again after 14:06.");
  expect(retry(before(300), 45, NOW)).toBeNull();
  expect(retry(before(30), null, NOW)).toBeNull();
});

test("every light has words", () => {
  expect(lightWords({ shape: "unconfirmed", kind: "transfers_only" })).toBe("Transfers only, unconfirmed");
  expect(lightWords({ shape: "locked" })).toBe("Locked");
});

test("an address is shortened to its host", () => {
  expect(host("https://acme.zendesk.com")).toBe("acme.zendesk.com");
  expect(host("http://127.0.0.1:4711/x")).toBe("127.0.0.1:4711");
});

test("statuses are found by name, kind and description, whatever the case and accents", () => {
  const names = (query: string, statuses: readonly Choosable[] = STATUSES) =>
    find(statuses, query).map((status) => status.name);
  expect(names("LUNCH")).toEqual(["Lunch"]);
  expect(names("away")).toEqual(["Away", "Lunch"]);
  expect(names("courses off")).toEqual(["Training"]);
  expect(names("  ")).toHaveLength(STATUSES.length);
  const [first] = STATUSES;
  expect(first && names("dejeuner", [{ ...first, name: "Déjeuner" }])).toEqual(["Déjeuner"]);
});
