import { getByRole, queryByRole, waitFor } from "@testing-library/dom";
import { afterEach, expect, test } from "vitest";
import { open, press, settled, type, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";
import { untilOf } from "./how-long";

const NOBODY = { accounts: [], hints: [] };
let opened: Window;
afterEach(() => opened?.close());

async function show(name: string): Promise<void> {
  opened = await open(STORIES[name] ?? NOBODY);
}

async function click(name: string | RegExp): Promise<void> {
  getByRole(opened.page, "button", { name }).click();
  await settled();
}

async function choose(name: RegExp): Promise<void> {
  getByRole(opened.page, "option", { name }).click();
  await settled();
}

function pressed(name: string): boolean {
  return getByRole(opened.page, "button", { name }).getAttribute("aria-pressed") === "true";
}

function actions(): unknown[] {
  return opened.asked.map((one) => one.payload.action);
}

function chosen(until: unknown) {
  return { do: "choose", account: "acme", status: "1001", until };
}

test("two clicks choose a status for a time, and the next click is for good again", async () => {
  await show("online");
  await click("30 min");
  expect(pressed("30 min")).toBe(true);
  expect(opened.asked).toEqual([]);
  await choose(/^Lunch/);
  expect(pressed("30 min")).toBe(false);
  await choose(/^Lunch/);
  expect(actions()).toEqual([chosen({ in_minutes: 30 }), chosen(null)]);
});

test("a second click on the time takes it back, and one on another changes it", async () => {
  await show("online");
  await click("30 min");
  await click("30 min");
  expect(pressed("30 min")).toBe(false);
  await click("15 min");
  await click("60 min");
  expect(pressed("15 min")).toBe(false);
  await choose(/^Lunch/);
  expect(actions()).toEqual([chosen({ in_minutes: 60 })]);
});

test("until a time of day begins with the next half hour", async () => {
  await show("online");
  await click("until…");
  const field = getByRole<HTMLInputElement>(opened.page, "textbox", { name: "Until what time" });
  expect(field.value).toBe("14:30");
  type(field, "9:05");
  await settled();
  await choose(/^Lunch/);
  expect(actions()).toEqual([chosen({ clock: "09:05:00" })]);
  expect(queryByRole(opened.page, "textbox", { name: "Until what time" })).toBeNull();
});

test("Enter in the time of day leads to the statuses, once it is one", async () => {
  await show("online");
  await click("until…");
  const field = getByRole<HTMLInputElement>(opened.page, "textbox", { name: "Until what time" });
  type(field, "25:00");
  await settled();
  press("Enter");
  expect(document.activeElement).toBe(field);
  type(field, "15:00");
  await settled();
  press("Enter");
  expect(document.activeElement?.getAttribute("role")).toBe("listbox");
  for (const key of ["End", "ArrowUp", "Enter"]) {
    press(key);
    await settled();
  }
  expect(actions()).toEqual([
    { do: "choose", account: "acme", status: "1003", until: { clock: "15:00:00" } },
  ]);
});

test("a window that is opened for a time has it typed already, and waits for the status", async () => {
  opened = await open(STORIES.online ?? NOBODY, undefined, undefined, "acme");
  const field = await waitFor(() => getByRole<HTMLInputElement>(opened.page, "textbox"));
  expect(document.activeElement).toBe(field);
  expect([field.value, field.selectionStart, field.selectionEnd]).toEqual(["14:30", 0, 5]);
  await choose(/^Lunch/);
  expect(actions()).toEqual([chosen({ clock: "14:30:00" })]);
  expect(queryByRole(opened.page, "textbox")).toBeNull();
});

test("opened for a time while it is open, the window leaves the team for the statuses", async () => {
  await show("leader");
  await click("Team");
  expect(queryByRole(opened.page, "listbox")).toBeNull();
  await opened.openForATime("acme");
  expect(document.activeElement).toBe(getByRole(opened.page, "textbox", { name: "Until what time" }));
  expect(getByRole(opened.page, "listbox")).toBeTruthy();
});

test("the time waits until the statuses are known", async () => {
  opened = await open(STORIES.checking ?? NOBODY, undefined, undefined, "acme");
  await settled();
  expect(queryByRole(opened.page, "textbox")).toBeNull();
  await opened.tell(STORIES.online ?? NOBODY);
  expect(document.activeElement).toBe(getByRole(opened.page, "textbox"));
});

test("of several accounts only the one that was meant has a time", async () => {
  opened = await open(STORIES["two-accounts"] ?? NOBODY, undefined, undefined, "globex");
  const field = await waitFor(() => getByRole(opened.page, "textbox"));
  expect(field.closest("section")?.textContent).toContain("globex");
});

test("what is no time of day chooses nothing and says what one looks like", async () => {
  await show("online");
  await click("until…");
  const field = getByRole<HTMLInputElement>(opened.page, "textbox", { name: "Until what time" });
  type(field, "25:00");
  await settled();
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(opened.page.textContent).toContain("Type a time of day such as 14:30.");
  await choose(/^Lunch/);
  expect(opened.asked).toEqual([]);
  expect(document.activeElement).toBe(field);
});

test("times of day are read as people type them", () => {
  for (const [typed, clock] of [
    ["14:30", "14:30:00"],
    [" 7:05 ", "07:05:00"],
    ["1430", "14:30:00"],
    ["7.15", "07:15:00"],
    ["00:00", "00:00:00"],
  ] as const)
    expect(untilOf({ clock: typed })).toEqual({ clock });
  for (const typed of ["", "24:00", "12:60", "noon", "-1:00", "1:2"])
    expect(untilOf({ clock: typed })).toBeUndefined();
});

test("a timed status says what comes back, and both its buttons ask for just that", async () => {
  await show("timed");
  expect(getByRole(opened.page, "group", { name: "Until 14:30, then Online" })).toBeTruthy();
  await click("Back to Online now");
  await click("Extend by 15 min");
  expect(actions()).toEqual([
    { do: "put_back", account: "acme", status: "2" },
    { do: "extend", account: "acme", until: "2026-11-23T14:30:00Z" },
  ]);
});
