import { getAllByRole, getByRole } from "@testing-library/dom";
import { afterEach, expect, test } from "vitest";
import { open, press, settled, type, type Window } from "../testing/render";
import { account, STORIES } from "../testing/stories";

const NOBODY = { accounts: [], hints: [] };
let opened: Window;
afterEach(() => opened.close());

async function show(name: string): Promise<void> {
  opened = await open(STORIES[name] ?? NOBODY);
}

function search(): HTMLInputElement {
  return getByRole<HTMLInputElement>(opened.page, "combobox");
}

function list(): HTMLElement {
  return getByRole(opened.page, "listbox");
}

function names(): (string | null)[] {
  return [...opened.page.querySelectorAll("[role=option] .name")].map((name) => name.textContent);
}

/** The status that the focused element points at. */
function pointed(): string | null | undefined {
  const id = document.activeElement?.getAttribute("aria-activedescendant");
  return id ? document.getElementById(id)?.querySelector(".name")?.textContent : undefined;
}

async function keys(...pressed: string[]): Promise<void> {
  for (const key of pressed) {
    press(key);
    await settled();
  }
}

function chosen(): unknown[] {
  return opened.asked.map((one) => (one.payload.action as { status?: string }).status);
}

test("a click chooses", async () => {
  await show("online");
  getAllByRole(opened.page, "option")[4]?.querySelector<HTMLElement>(".name")?.click();
  expect(opened.asked).toEqual([
    { command: "act", payload: { action: { do: "choose", account: "acme", status: "1001", until: null } } },
  ]);
});

test("the list begins at the current status and is walked by arrows, Home and End", async () => {
  await show("timed");
  list().focus();
  await settled();
  expect(pointed()).toBe("Lunch");
  await keys("ArrowDown");
  expect(pointed()).toBe("Training");
  await keys("Home", "ArrowUp");
  expect(pointed()).toBe("Online");
  await keys("End", "ArrowDown");
  expect(pointed()).toBe("Escalations");
  expect(opened.asked).toEqual([]);
});

test("Enter and the space bar choose, in the list", async () => {
  await show("online");
  list().focus();
  await settled();
  await keys("ArrowDown", "Enter", "ArrowDown", " ");
  expect(chosen()).toEqual(["3", "4"]);
});

test("a status that is not for the agent's groups says so and cannot be chosen", async () => {
  await show("online");
  const barred = getByRole(opened.page, "option", {
    name: /Escalations.*Your groups may not use this status/,
  });
  expect(barred.getAttribute("aria-disabled")).toBe("true");
  barred.click();
  list().focus();
  await keys("End", "Enter");
  expect(opened.asked).toEqual([]);
});

test("nothing can be chosen while the help desk account is locked", async () => {
  await show("locked");
  getAllByRole(opened.page, "option")[1]?.click();
  expect(opened.asked).toEqual([]);
});

test("a slash leads to the search, typing filters, and Enter chooses the first that matches", async () => {
  await show("online");
  await keys("/");
  expect(document.activeElement).toBe(search());
  expect(pointed()).toBeUndefined();
  type(search(), "trai");
  await settled();
  expect(names()).toEqual(["Training"]);
  expect(pointed()).toBe("Training");
  await keys("Enter");
  expect(chosen()).toEqual(["1002"]);
  expect(search().value).toBe("");
});

test("a slash in the search is a slash only after something else", async () => {
  await show("online");
  const typed = () =>
    search().dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true }));
  search().focus();
  expect(typed()).toBe(false);
  type(search(), "on");
  await settled();
  expect(typed()).toBe(true);
});

test("Enter in an untouched search chooses nothing", async () => {
  await show("online");
  search().focus();
  await keys("Enter");
  expect(opened.asked).toEqual([]);
  await keys("ArrowDown", "ArrowDown", "Enter");
  expect(chosen()).toEqual(["3"]);
});

test("Escape shows all statuses again", async () => {
  await show("online");
  type(search(), "nothing is called so");
  await settled();
  expect(names()).toEqual([]);
  expect(opened.page.textContent).toContain("No status matches");
  await keys("Escape");
  expect(names()).toHaveLength(8);
  expect(document.activeElement).toBe(search());
});

test("a letter typed in the list goes to the search", async () => {
  await show("online");
  list().focus();
  await keys("l");
  expect(document.activeElement).toBe(search());
});

test("the focus stays where it is when a new view arrives", async () => {
  await show("online");
  list().focus();
  await keys("End");
  await opened.tell(structuredClone(STORIES.switching ?? NOBODY));
  expect(document.activeElement).toBe(list());
  expect(pointed()).toBe("Escalations");
});

test("the current status and the one being switched to are marked in words", async () => {
  await show("switching");
  expect(getByRole(opened.page, "option", { name: /Online .*Current/, selected: true })).toBeTruthy();
  expect(getByRole(opened.page, "option", { name: /Lunch .*Switching…/, selected: false })).toBeTruthy();
});

test("markup in names is text", async () => {
  await show("strange");
  expect(names()[0]).toBe("<img src=x onerror=alert(1)><b>Bold</b>");
  expect(opened.page.querySelectorAll("script, b, i, img")).toHaveLength(0);
  expect(names()[4]).toHaveLength(300);
  for (const name of opened.page.querySelectorAll(".name")) expect(name.tagName).toBe("BDI");
});

test("500 statuses are shown, found and chosen", async () => {
  await show("many");
  expect(names()).toHaveLength(500);
  type(search(), "500 many");
  await settled();
  expect(names()).toEqual(["Status 500"]);
  expect(getByRole(opened.page, "status").textContent).toBe("1 of 500 statuses");
  await keys("Enter");
  expect(chosen()).toEqual(["2499"]);
});

test("two accounts keep their searches and choices apart", async () => {
  await show("two-accounts");
  const second = getAllByRole(opened.page, "listbox")[1] as HTMLElement;
  second.focus();
  await keys("/");
  expect(document.activeElement).toBe(getAllByRole(opened.page, "combobox")[1]);
  getAllByRole(second, "option")[0]?.click();
  expect(opened.asked.map((one) => one.payload.action)).toEqual([
    { do: "choose", account: account({ account: "globex" }).account, status: "2", until: null },
  ]);
});
