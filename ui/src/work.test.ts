// @vitest-environment node
import { expect, test } from "vitest";
import type { Channel } from "./generated/Channel";
import { channelWords } from "./words";
import { channelLine, workWords } from "./work";

function channel(name: string, state: string, work_items: number | null = null, capacity = work_items && 9) {
  return { name, state, work_items, capacity };
}

function of(states: Record<string, string>): Channel[] {
  return Object.entries(states).map(([name, state]) => channel(name, state));
}

test("what reaches the agent is one sentence", () => {
  const said = (states: Record<string, string>) => workWords(of(states));
  expect(said({ messaging: "online", support: "ONLINE", talk: "offline" })).toBe(
    "messaging and e-mail reach you, calls do not",
  );
  expect(said({ support: "online", messaging: "away", talk: "away" })).toBe(
    "e-mail reaches you, messaging and calls do not",
  );
  expect(said({ support: "offline", messaging: "offline", talk: "offline" })).toBe(
    "e-mail, messaging and calls do not reach you",
  );
  expect(said({ support: "offline", talk: "Transfers only", chat: "online" })).toBe(
    "chats reach you, e-mail does not, calls reach you by transfer only",
  );
  expect(said({ talk: "away" })).toBe("calls do not reach you");
  expect(said({ messaging: "offline" })).toBe("messaging does not reach you");
});

test("who is away may still receive e-mail", () => {
  expect(workWords(of({ support: "away", talk: "away" }))).toBe("e-mail may reach you, calls do not");
  expect(channelLine(channel("support", "away", 5))).toBe("E-mail: away, 5 of 9 tickets, more may reach you");
  expect(channelLine(channel("talk", "away", 1))).toBe("Calls: away, 1 of 9 calls");
});

test("as much work as there can be is said, as no more comes then", () => {
  const full = channel("messaging", "online", 3, 3);
  expect(workWords([full, channel("talk", "offline", 1, 1)])).toBe(
    "calls do not reach you, messaging is at the limit",
  );
  expect(channelLine(full)).toBe("Messaging: online, 3 of 3 conversations, at the limit");
  expect(channelLine(channel("talk", "online", 0, 1))).toBe("Calls: online, 0 of 1 call");
  expect(channelLine(channel("talk", "offline", 1, 1))).toBe("Calls: offline, 1 of 1 call");
});

test("work without capacity and capacity without work are told as they are", () => {
  expect(channelLine({ name: "support", state: "online", work_items: 1, capacity: null })).toBe(
    "E-mail: online, 1 ticket",
  );
  expect(channelLine({ name: "fax", state: "online", work_items: null, capacity: 4 })).toBe(
    "\u2068fax\u2069: online, at most 4 work items",
  );
});

test("a state that nobody knows is shown as it came, and said to be neither", () => {
  // "constructor" is a word that every object knows.
  for (const state of ["on_break", "constructor"]) {
    expect(workWords(of({ support: "online", talk: state }))).toBe(
      `e-mail reaches you, calls: \u2068${state}\u2069`,
    );
    expect(channelLine(channel("talk", state, 9))).toBe(`Calls: \u2068${state}\u2069, 9 of 9 calls`);
    expect(channelWords(channel("talk", state))).toBe(`talk ${state}`);
  }
});
