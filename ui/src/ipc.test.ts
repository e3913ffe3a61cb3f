import { emit } from "@tauri-apps/api/event";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test } from "vitest";
import type { View } from "./generated/View";
import { failure, follow } from "./ipc";
import { settled } from "./testing/render";
import { STORIES } from "./testing/stories";

const ONLINE = STORIES.online as View;
const LUNCH = STORIES.timed as View;
afterEach(clearMocks);

function headlines(views: View[]): (string | undefined)[] {
  return views.map((view) => view.accounts[0]?.headline);
}

test("a view that arrives before the first answer is not undone by it", async () => {
  const seen: View[] = [];
  mockIPC(
    async (command) => {
      if (command !== "view") return undefined;
      await emit("view", LUNCH);
      return ONLINE;
    },
    { shouldMockEvents: true },
  );
  const stop = follow(
    (view) => seen.push(view),
    () => {},
  );
  await settled();
  stop();
  expect(headlines(seen)).toEqual(["Lunch"]);
});

test("who stopped following sees nothing more", async () => {
  const seen: View[] = [];
  mockIPC((command) => (command === "view" ? ONLINE : undefined), { shouldMockEvents: true });
  const stop = follow(
    (view) => seen.push(view),
    () => {},
  );
  await settled();
  stop();
  await settled();
  await emit("view", LUNCH);
  await settled();
  expect(headlines(seen)).toEqual(["Online"]);
});

test("a program that does not answer is said", async () => {
  mockIPC(
    () => {
      throw "the command view was not found";
    },
    { shouldMockEvents: true },
  );
  const broken: string[] = [];
  const stop = follow(
    () => {},
    (why) => broken.push(why.code),
  );
  await settled();
  stop();
  expect(broken).toEqual(["internal"]);
});

test("an error that is no failure is never repeated, since it may quote a secret", () => {
  const said = failure('invalid value: string "s3cret"');
  expect(said.code).toBe("internal");
  expect(JSON.stringify(said)).not.toContain("s3cret");
});
