import { getAllByRole, getByRole } from "@testing-library/dom";
import { afterEach, expect, test } from "vitest";
import { open, settled, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";

let opened: Window;
afterEach(() => opened.close());

async function offered(story: string): Promise<HTMLElement> {
  opened = await open(STORIES[story] ?? { accounts: [], hints: [] });
  return getByRole(opened.page, "group", {
    name: /^(You were moved|Your phone channel|Your time|Your call)/,
  });
}

test("put me back, keep and snooze each name what they are about", async () => {
  const offer = await offered("forced");
  for (const button of getAllByRole(offer, "button")) button.click();
  await settled();
  const at = "2026-11-23T14:03:00Z";
  expect(opened.asked.map((one) => one.payload.action)).toEqual([
    { do: "put_back", account: "acme", status: "2" },
    { do: "keep", account: "acme", at },
    { do: "snooze", account: "acme", at },
  ]);
});

test("several changes in a row are one story", async () => {
  const offer = await offered("several-forced");
  expect(offer.textContent).toContain("from Online, the last of 3 changes in a row.");
});

test("a phone channel that moved is called that, with what would explain it", async () => {
  const offer = await offered("phone-moved");
  expect(getByRole(offer, "heading").textContent).toBe("Your phone channel went Away");
  expect(offer.textContent).toContain("Away or Lunch would explain it.");
  expect(getByRole(offer, "button", { name: "Keep it as it is" })).toBeTruthy();
});
