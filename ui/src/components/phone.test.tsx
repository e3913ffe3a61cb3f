import { afterEach, expect, test } from "vitest";
import { open, settled, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";

let opened: Window;
afterEach(() => opened.close());

function button(name: string): HTMLButtonElement {
  const found = [...opened.page.querySelectorAll("button")].find((one) => one.textContent === name);
  if (!found) throw new Error(`no button ${name}`);
  return found;
}

test("a click asks, and only the program's word marks the other button", async () => {
  opened = await open(STORIES.on_a_call ?? { accounts: [], hints: [] });
  button("Answer by phone").click();
  await settled();
  expect(opened.asked).toEqual([
    { command: "act", payload: { action: { do: "answer_by", account: "acme", via: "phone" } } },
  ]);
  expect(button("Answer in the browser").getAttribute("aria-pressed")).toBe("true");
  expect(button("Answer by phone").getAttribute("aria-pressed")).toBe("false");
});

test("who may not is told why, and asks nothing", async () => {
  opened = await open(STORIES.phone_failed ?? { accounts: [], hints: [] });
  button("Answer by phone").click();
  await settled();
  expect(opened.asked).toEqual([]);
  expect(opened.page.querySelector(".phone .about")?.textContent).toContain("your role");
});

test("what follows a call is asked for, changed and forgotten", async () => {
  opened = await open(STORIES.lunch_after_call ?? { accounts: [], hints: [] });
  const list = opened.page.querySelector("select");
  if (!list) throw new Error("no list");
  expect(list.value).toBe("1001");
  for (const wanted of ["3", ""]) {
    list.value = wanted;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    await settled();
    expect(list.value).toBe("1001");
  }
  expect(opened.asked.map((asked) => asked.payload.action)).toEqual([
    { do: "choose_after_call", account: "acme", status: "3" },
    { do: "forget_after_call", account: "acme" },
  ]);
});
