import { afterEach, expect, test } from "vitest";
import type { View } from "../generated/View";
import { open, type Window } from "../testing/render";
import { account, STORIES } from "../testing/stories";

let opened: Window;
afterEach(() => opened.close());

const NOTHING: View = { accounts: [], hints: [] };

function said(): string | undefined {
  return opened.page.querySelector(".work .state")?.textContent ?? undefined;
}

function told(): (string | null)[] {
  return [...opened.page.querySelectorAll(".work .unfolded p")].map((line) => line.textContent);
}

test("whether work comes is said first below the day, and channel by channel when it is opened", async () => {
  opened = await open(STORIES.some_work ?? NOTHING);
  expect(opened.page.querySelector(".folds > details")?.classList.contains("work")).toBe(true);
  expect(said()).toBe(
    "e-mail reaches you, calls do not, messaging is at the limit, \u2068\u202exaf\u2069: \u2068on_break\u2069",
  );
  expect(told()).toEqual([
    "Messaging: online, 3 of 3 conversations, at the limit",
    "E-mail: online, 1 ticket",
    "Calls: offline, 0 of 1 call",
    "\u2068\u202exaf\u2069: \u2068on_break\u2069, at most 4 work items",
  ]);
});

test("what was told before the line broke is marked as last known, and follows the next word", async () => {
  opened = await open(STORIES.unreachable ?? NOTHING);
  expect(said()).toBe("not known just now");
  expect(told()[0]).toBe("Last known, not confirmed since 13:50:");
  await opened.tell(STORIES.offline ?? NOTHING);
  expect(said()).toBe("messaging, e-mail and calls do not reach you");
  expect(told()).toHaveLength(3);
});

test("the line is no surer than the light", async () => {
  opened = await open(STORIES.projected ?? NOTHING);
  expect(said()).toBe("calls do not reach you, nothing else is known");
  await opened.tell({ accounts: [account({ certainty: "assumed" })], hints: [] });
  expect(said()).toBe("messaging, e-mail and calls reach you (unconfirmed)");
  await opened.tell(STORIES.checking ?? NOTHING);
  expect(said()).toBe("not known just now");
  expect(told()).toEqual(["Zendesk has not told what each channel receives."]);
});

test("a help desk without channels has no such line, nor has who is signed out", async () => {
  opened = await open(STORIES.libredesk ?? NOTHING);
  expect(opened.page.querySelector(".work")).toBeNull();
  await opened.tell(STORIES["signed-out"] ?? NOTHING);
  expect(opened.page.querySelector(".work")).toBeNull();
});
