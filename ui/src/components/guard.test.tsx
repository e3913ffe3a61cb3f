import { afterEach, expect, test } from "vitest";
import type { AccountView } from "../generated/AccountView";
import { open, settled, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";

let opened: Window;
afterEach(() => opened.close());

/** As the stories' help desk counts. */
const OFFLINE = "5";
const [ada] = STORIES.online?.accounts ?? [];
if (!ada) throw new Error("no story of an agent who is online");

async function show(guard: AccountView["guard"]): Promise<Element> {
  opened = await open({ accounts: [{ ...ada, guard } as AccountView], hints: [] });
  const part = opened.page.querySelector(".guard");
  if (!part) throw new Error("no guard");
  return part;
}

function asked() {
  return opened.asked.map((one) => one.payload.action);
}

test("a guard is off until it is ticked, and starts with sleep, shutdown and quitting", async () => {
  const part = await show(null);
  const boxes = part.querySelectorAll("input");
  expect([boxes.length, boxes[0]?.checked]).toEqual([1, false]);
  boxes[0]?.click();
  await settled();
  expect(asked()).toEqual([
    { do: "set_guard", account: "acme", guard: { to: OFFLINE, on: ["sleep", "shutdown", "quit"] } },
  ]);
});

test("it may go to any status that receives less than Online, and off again", async () => {
  const part = await show({ to: OFFLINE, on: ["sleep"] });
  const list = part.querySelector("select") as HTMLSelectElement;
  expect([...list.options].map((option) => option.textContent)).not.toContain("Online");
  list.value = "1001";
  list.dispatchEvent(new Event("change", { bubbles: true }));
  part.querySelector("input")?.click();
  await settled();
  expect(asked()).toEqual([
    { do: "set_guard", account: "acme", guard: { to: "1001", on: ["sleep"] } },
    { do: "set_guard", account: "acme", guard: null },
  ]);
});

test("each way of leaving is ticked by itself, and without any the guard is off", async () => {
  const part = await show({ to: OFFLINE, on: ["sleep"] });
  expect(part.textContent).toContain("offered the status you had");
  const [, lock, sleep] = part.querySelectorAll("input");
  lock?.click();
  sleep?.click();
  await settled();
  expect(asked()).toEqual([
    { do: "set_guard", account: "acme", guard: { to: OFFLINE, on: ["sleep", "lock"] } },
    { do: "set_guard", account: "acme", guard: null },
  ]);
});

test("a status that cannot be chosen any more is said", async () => {
  const part = await show({ to: "4711", on: ["sleep"] });
  expect((part.querySelector("select") as HTMLSelectElement).value).toBe("gone");
});

test("what the guard did is told with the way back", async () => {
  const offer: AccountView["offer"] = {
    because: "guarded",
    changes: 1,
    put_back: { id: "3", name: "Online", kind: "online", custom: false },
    from: "Online",
    to: "Offline",
    at: "2026-11-23T14:00:00Z",
    reason_in_words: "Your guard switched when your computer went to sleep.",
  };
  opened = await open({ accounts: [{ ...ada, offer } as AccountView], hints: [] });
  const part = opened.page.querySelector(".offer");
  expect(part?.textContent).toContain("Welcome back: you are in Offline");
  const back = [...(part?.querySelectorAll("button") ?? [])].find(
    (one) => one.textContent === "Back to Online",
  );
  back?.click();
  await settled();
  expect(asked()).toEqual([{ do: "put_back", account: "acme", status: "3" }]);
});
