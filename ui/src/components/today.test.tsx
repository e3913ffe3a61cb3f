// Today's strip: what was, for how long, and who changed it.

import { getByRole, waitFor } from "@testing-library/dom";
import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import type { Stretch } from "../generated/Stretch";
import { heard, open, settled, type Window } from "../testing/render";
import { account, STORIES } from "../testing/stories";
import { DAY } from "../testing/today";

let opened: Window;
afterEach(() => opened.close());

const ONLINE = STORIES.online ?? { accounts: [], hints: [] };

async function today(stretches: Stretch[], view = ONLINE): Promise<HTMLElement> {
  opened = await open(view, undefined, () => ({ history: { stretches, unreadable: 0 } }));
  return waitFor(
    () => opened.page.querySelector<HTMLElement>(".today") ?? Promise.reject(new Error("no strip")),
  );
}

test("the day is said like this, and has no fault that axe can find", async () => {
  const strip = await today(DAY);
  expect(heard(strip)).toMatchSnapshot();
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const { violations } = await axe.run(opened.page, { rules });
  expect(violations.map((fault) => fault.id)).toEqual([]);
  expect(opened.page.querySelectorAll("[style]")).toHaveLength(0);
});

test("each stretch is as wide as it was long, and what is not known is left open", async () => {
  const strip = await today(DAY);
  const minutes = [...strip.querySelectorAll("rect")].map((rect) => [
    rect.getAttribute("class"),
    Number(rect.getAttribute("x")),
    Number(rect.getAttribute("width")),
  ]);
  expect(minutes).toEqual([
    ["grey", 0, 480],
    ["green", 480, 180],
    ["amber", 660, 45],
    ["amber", 705, 15],
    ["green unsure", 780, 64],
  ]);
});

test("where nothing is known of today nothing is shown", async () => {
  opened = await open(ONLINE);
  await settled();
  expect(opened.page.querySelector(".today")).toBeNull();
});

test("the time since the light went out is not known", async () => {
  const dark = {
    ...ONLINE,
    accounts: [account({ certainty: "unknown", light: { shape: "not_confirmed" } })],
  };
  const strip = await today(DAY.slice(0, 3), dark);
  expect(strip.textContent).toContain("not known 2 h 20 min");
});

test("it is asked for anew when the status changes, and not with every view", async () => {
  let asked = 0;
  opened = await open(ONLINE, undefined, () => {
    asked += 1;
    return { history: { stretches: DAY, unreadable: 0 } };
  });
  await settled();
  expect(asked).toBe(1);
  await opened.tell({ ...ONLINE, accounts: [account({ as_of: "2026-11-23T14:04:59Z" })] });
  expect(asked).toBe(1);
  const away = { id: "3", name: "Away", kind: "away" as const, custom: false };
  await opened.tell({ ...ONLINE, accounts: [account({ status: away, headline: "Away" })] });
  await waitFor(() => expect(asked).toBe(2));
});

test("a history that cannot be read is said, and hides nothing else", async () => {
  opened = await open(ONLINE, undefined, () => {
    throw { code: "history", message: "The history cannot be read.", retry_after_s: null };
  });
  await waitFor(() => expect(opened.page.querySelector(".today")?.textContent).toContain("cannot be read"));
  expect(getByRole(opened.page, "listbox")).toBeTruthy();
});
