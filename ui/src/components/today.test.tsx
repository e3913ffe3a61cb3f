// Today's strip: what was, for how long, and who changed it.

import { getByRole, queryByRole, waitFor } from "@testing-library/dom";
import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import type { Stretch } from "../generated/Stretch";
import { heard, open, press, settled, type Window } from "../testing/render";
import { account, STORIES } from "../testing/stories";
import { DAY, HISTORY } from "../testing/today";

let opened: Window;
afterEach(() => opened.close());

const ONLINE = STORIES.online ?? { accounts: [], hints: [] };

async function today(stretches: Stretch[], view = ONLINE): Promise<HTMLElement> {
  opened = await open(view, undefined, () => ({ history: { ...HISTORY, stretches } }));
  return waitFor(
    () => opened.page.querySelector<HTMLElement>(".today") ?? Promise.reject(new Error("no strip")),
  );
}

/** Points at a place on the strip, where a pixel is two minutes. */
async function point(strip: HTMLElement, clientX: number) {
  const svg = strip.querySelector(".strip") as SVGElement;
  svg.getBoundingClientRect = () => new DOMRect(0, 0, 422, 10);
  svg.dispatchEvent(new MouseEvent("pointermove", { clientX, bubbles: true }));
  await settled();
}

test("the day is said like this, and has no fault that axe can find", async () => {
  const strip = await today(DAY);
  expect(heard(strip)).toMatchSnapshot();
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const { violations } = await axe.run(opened.page, { rules });
  expect(violations.map((fault) => fault.id)).toEqual([]);
  expect(opened.page.querySelectorAll("[style]")).toHaveLength(0);
});

test("what and why is told of the stretch that is pointed at, also of one thinner than the pointer", async () => {
  const minute = { ...(DAY[3] as Stretch), from: "2026-11-23T11:59:00Z" };
  const strip = await today([...DAY.slice(0, 3), minute, ...DAY.slice(4)]);
  const svg = strip.querySelector(".strip") as SVGElement;
  const at = async (clientX: number) => {
    await point(strip, clientX);
    return strip.querySelector(".told")?.textContent;
  };
  expect(await at(300)).toBe("08:00 – 11:00 ⁨Online⁩, set by you");
  expect(await at(362)).toBe(
    "11:59 – 12:00 ⁨Away⁩, not set by you. Zendesk’s idle timeout: it saw no activity in its browser tab.",
  );
  expect(await at(375)).toBeUndefined();
  await at(300);
  svg.dispatchEvent(new MouseEvent("pointerleave"));
  await settled();
  expect(strip.querySelector(".told")).toBeNull();
});

test("a stretch that is pointed at stays marked when the day is told anew", async () => {
  const strip = await today(DAY);
  await point(strip, 300);
  await opened.tell({ ...ONLINE, accounts: [account({ as_of: "2026-11-23T14:04:59Z" })] });
  const marked = strip.querySelector("rect[data-told]");
  expect(marked?.getAttribute("aria-label")).toBe(strip.querySelector(".told")?.textContent);
});

test("by keys one stop leads to the strip, and the arrows from stretch to stretch", async () => {
  const strip = await today(DAY);
  const stops = () => [...strip.querySelectorAll<SVGElement>("rect")].filter((rect) => rect.tabIndex === 0);
  expect(stops()).toHaveLength(1);
  stops()[0]?.focus();
  press("ArrowLeft");
  await settled();
  expect(document.activeElement?.getAttribute("aria-label")).toContain("idle timeout");
  expect(strip.querySelector(".told")?.textContent).toContain("idle timeout");
  expect(stops()).toEqual([document.activeElement]);
  for (const key of ["Home", "ArrowLeft"]) {
    press(key);
    await settled();
  }
  expect(document.activeElement?.getAttribute("aria-label")).toContain("00:00 – 08:00");
  (document.activeElement as SVGElement).blur();
  await settled();
  expect(strip.querySelector(".told")).toBeNull();
});

test("all changes are read in a list, which opens by a button", async () => {
  const strip = await today(DAY);
  const opener = getByRole(strip, "button", { name: "Today" });
  expect([opener.getAttribute("aria-expanded"), queryByRole(strip, "list")]).toEqual(["false", null]);
  opener.click();
  await settled();
  expect(opener.getAttribute("aria-expanded")).toBe("true");
  expect(getByRole(strip, "list").textContent).toContain("⁨Away⁩, not set by you. Zendesk’s idle timeout");
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
    return { history: HISTORY };
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
