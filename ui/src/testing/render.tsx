// The whole window on a page, with the program behind it replaced by a record of what it is asked.

import { emit } from "@tauri-apps/api/event";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { configure, waitFor } from "@testing-library/dom";
import { render } from "preact";
import { vi } from "vitest";
import { App } from "../app";
import type { View } from "../generated/View";
import { NOW } from "./stories";

export type Window = {
  page: HTMLElement;
  /** What was asked, in order, without the looks and questions for the day that every opening brings. */
  asked: { command: string; payload: Record<string, unknown> }[];
  /** Sends a new view, as the program does. */
  tell(view: View): Promise<void>;
  /** Opens it once more, to type until when the account's next status holds. */
  openForATime(account: string): Promise<void>;
  close(): Promise<void>;
};

configure({ asyncUtilTimeout: 10_000 });

/** How the program answers. */
type Answer = (command: string, payload: Record<string, unknown>) => unknown;

const NOTHING_KNOWN = { history: { stretches: [], unreadable: 0, reasons: {} } };

/** Opens the window on a view; `today` tells how the day was spent, `forATime` whose next status a time is for. */
export async function open(
  view: View,
  answer: Answer = () => undefined,
  today: () => unknown = () => NOTHING_KNOWN,
  forATime: string | null = null,
): Promise<Window> {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  Element.prototype.scrollIntoView = () => {};
  const asked: Window["asked"] = [];
  let wanted = forATime;
  mockIPC(
    (command, payload) => {
      if (command === "view") return view;
      if (command === "for_a_time") {
        const account = wanted;
        wanted = null;
        return account;
      }
      const sent = structuredClone(payload) as Record<string, unknown>;
      if ((sent.action as { do?: string } | undefined)?.do === "look") return undefined;
      if ((sent.question as { ask?: string } | undefined)?.ask === "history") return today();
      asked.push({ command, payload: sent });
      return answer(command, sent);
    },
    { shouldMockEvents: true },
  );
  const page = document.createElement("div");
  document.body.append(page);
  render(<App />, page);
  await waitFor(() => page.querySelector("h2") ?? Promise.reject(new Error("nothing is shown")));
  return {
    page,
    asked,
    async tell(next) {
      await emit("view", next);
      await settled();
    },
    async openForATime(account) {
      wanted = account;
      await emit("opened");
      await settled();
    },
    async close() {
      render(null, page);
      page.remove();
      clearMocks();
      vi.useRealTimers();
      // What waits for the next frame must not outlive the page that it is in.
      await new Promise((done) => requestAnimationFrame(done));
    },
  };
}

/** Lets all that was started come to its end. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise((done) => setTimeout(done, 5));
}

/** Presses keys where the focus is. */
export function press(...keys: string[]): void {
  for (const key of keys) {
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}

/** Types a text into a field. */
export function type(field: HTMLInputElement, text: string): void {
  field.focus();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** The page as somebody hears it who opens what can be opened: a line for each thing, with what it is. */
export function heard(element: Element): string {
  const lines: string[] = [];
  walk(element, lines);
  return lines.join("\n");
}

const READ_AS_ONE = "h1, h2, h3, p, label, button, summary, [role=option], [role=alert], [role=img]";

function walk(element: Element, lines: string[]): void {
  if (element.getAttribute("aria-hidden") === "true") return;
  const role = element.getAttribute("role") ?? element.tagName.toLowerCase();
  if (element instanceof HTMLInputElement) {
    const checked = element.checked ? ", checked" : "";
    lines.push(`${element.type} field ${element.getAttribute("aria-label") ?? ""}${checked}`.trim());
    return;
  }
  if (element.matches(READ_AS_ONE) && !element.querySelector("input, button")) {
    const text = element.getAttribute("aria-label") ?? words(element);
    const states = ["selected", "disabled"].filter(
      (state) => element.getAttribute(`aria-${state}`) === "true",
    );
    if (text) lines.push([`${role}: ${text}`, ...states].join(", "));
    return;
  }
  if (element.matches("[role=listbox], [role=group], [role=radiogroup], form, section"))
    lines.push(`${role}:`);
  for (const child of element.children) walk(child, lines);
}

function words(element: Element): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}
