// What the window says in every state that a person can meet.

import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { heard, open, settled, type Window } from "./testing/render";
import { STORIES } from "./testing/stories";

let opened: Window;
afterEach(() => opened.close());

describe.each(Object.entries(STORIES).filter(([name]) => name !== "many"))("%s", (_, view) => {
  test("is said like this", async () => {
    opened = await open(view);
    expect(heard(opened.page)).toMatchSnapshot();
  });

  test("has no fault that axe can find", async () => {
    opened = await open(view);
    await settled();
    // Colours are for a real browser; the page around the window is not under test.
    const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
    const { violations } = await axe.run(opened.page, { rules });
    expect(violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html)}`)).toEqual([]);
  });
});

test("no element carries a style of its own, which the content policy would refuse", async () => {
  opened = await open(STORIES.forced ?? { accounts: [], hints: [] });
  expect(opened.page.querySelectorAll("[style]")).toHaveLength(0);
});
