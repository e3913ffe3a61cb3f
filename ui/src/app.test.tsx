// How the window answers: to new views, to clicks, to time.

import { getAllByRole, getByRole, queryByRole, waitFor } from "@testing-library/dom";
import { afterEach, expect, test, vi } from "vitest";
import type { View } from "./generated/View";
import { heard, open, settled, type Window } from "./testing/render";
import { account, NOW, STORIES } from "./testing/stories";

let opened: Window;
afterEach(() => opened.close());

function story(name: string): View {
  const view = STORIES[name];
  if (!view) throw new Error(`there is no story ${name}`);
  return view;
}

function button(name: RegExp | string): HTMLElement {
  return getByRole(opened.page, "button", { name });
}

test("a pushed view is shown at once", async () => {
  opened = await open(story("online"));
  await opened.tell(story("timed"));
  expect(getByRole(opened.page, "heading", { level: 2 }).textContent).toBe("Lunch");
  expect(heard(opened.page)).toContain("Since 13:55, until 14:30, set by you");
});

test("putting back and keeping are asked for as what they are", async () => {
  opened = await open(story("forced"));
  button(/Put me back to Online/).click();
  button(/Keep Away/).click();
  expect(opened.asked.map((one) => one.payload.action)).toEqual([
    { do: "put_back", account: "acme", status: "2" },
    { do: "keep", account: "acme", at: story("forced").accounts[0]?.offer?.at },
  ]);
});

test("of several accounts each can be left out of the light, and a further one can come first", async () => {
  opened = await open(story("two-accounts"));
  const [first, further] = story("two-accounts").accounts.map((account) => account.account);
  getAllByRole(opened.page, "button", { name: "Counts for the light" })[0]?.click();
  button("Make it the first account").click();
  expect(opened.asked.map((one) => one.payload.action)).toEqual([
    { do: "mark", account: first, relevant: false },
    { do: "make_default", account: further },
  ]);
});

test("all accounts are switched by one click, and where that fails is said", async () => {
  opened = await open(story("two-accounts"), () => {
    throw {
      code: "refused",
      message: "1 of 2 accounts were switched. globex: Refused.",
      retry_after_s: null,
    };
  });
  button("Away").click();
  await settled();
  expect(opened.asked.map((one) => one.payload.action)).toEqual([{ do: "choose_everywhere", kind: "away" }]);
  expect(getByRole(opened.page, "alert").textContent).toContain("1 of 2 accounts were switched");
});

test("the agent says what a kind means in an account", async () => {
  opened = await open(story("two-accounts"));
  const [account] = story("two-accounts").accounts;
  const select = opened.page.querySelectorAll<HTMLSelectElement>("fieldset select")[1];
  if (!select) throw new Error("there is one for each kind");
  select.value = "1001";
  select.dispatchEvent(new Event("change", { bubbles: true }));
  expect(opened.asked.map((one) => one.payload.action)).toEqual([
    { do: "map_everywhere", account: account?.account, kind: "away", status: "1001" },
  ]);
});

test("the last account that counts for the light cannot be left out", async () => {
  const [first, further] = story("two-accounts").accounts;
  if (!first || !further) throw new Error("there are two");
  opened = await open({ hints: [], accounts: [first, { ...further, relevant: false }] });
  getAllByRole(opened.page, "button", { name: "Counts for the light" })[0]?.click();
  expect(opened.asked).toEqual([]);
});

test("nothing is offered that cannot be chosen", async () => {
  opened = await open(story("nothing-to-put-back"));
  expect(queryByRole(opened.page, "button", { name: /Put me back/ })).toBeNull();
  expect(button(/Keep Away/)).toBeTruthy();
});

test("an offer that goes away hands its focus to the status", async () => {
  opened = await open(story("forced"));
  button(/Keep Away/).focus();
  await opened.tell(story("online"));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Online"));
});

test("a refused switch is said, once, and not after the next success", async () => {
  const message = "Another Statuslight is busy. Nothing was changed. Try again.";
  opened = await open(story("online"), () => {
    throw { code: "busy", message, retry_after_s: null };
  });
  getAllByRole(opened.page, "option")[4]?.click();
  await settled();
  expect(getAllByRole(opened.page, "alert").map((alert) => alert.textContent)).toEqual([message]);
  await opened.tell(story("timed"));
  await settled();
  expect(queryByRole(opened.page, "alert")).toBeNull();
});

test("a switch that failed in the view is not said twice", async () => {
  const failed = account().failed ?? story("failed").accounts[0]?.failed;
  opened = await open(story("failed"), () => {
    throw failed?.failure;
  });
  getAllByRole(opened.page, "option")[4]?.click();
  await settled();
  expect(getAllByRole(opened.page, "alert")).toHaveLength(1);
});

test("a choice that a newer one overtook is no failure", async () => {
  opened = await open(story("online"), () => {
    throw { code: "overtaken", message: "A newer choice took its place.", retry_after_s: null };
  });
  getAllByRole(opened.page, "option")[4]?.click();
  await settled();
  expect(queryByRole(opened.page, "alert")).toBeNull();
});

test("signing out is asked once more, and Escape leaves everything as it is", async () => {
  opened = await open(story("online"));
  button("Sign out").click();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Sign out"));
  expect(opened.asked).toEqual([]);

  button("Sign out").click();
  await waitFor(() => button("Cancel"));
  button("Sign out").click();
  expect(opened.asked.map((one) => one.payload.action)).toEqual([{ do: "remove_account", account: "acme" }]);
});

test("the age grows by the minute while the window is seen, and not while it is hidden", async () => {
  opened = await open(story("online"));
  const age = () => opened.page.querySelector(".certainty")?.textContent;
  expect(age()).toBe("Confirmed just now");
  opened.close();

  vi.useFakeTimers({ now: NOW, shouldAdvanceTime: true });
  opened = await open(story("online"));
  vi.useFakeTimers({ now: NOW, shouldAdvanceTime: true });
  await opened.tell(structuredClone(story("online")));
  await vi.advanceTimersByTimeAsync(121_000);
  expect(age()).toBe("Confirmed 2 min ago");

  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(age()).toBe("Confirmed 2 min ago");

  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  // Long enough for what the next frame brings: it must not wait in a clock that is put away.
  await vi.advanceTimersByTimeAsync(200);
  expect(age()).toBe("Confirmed 12 min ago");
});

test("a closed window listens no longer", async () => {
  opened = await open(story("online"));
  opened.close();
  expect(opened.page.childElementCount).toBe(0);
});
