// The team as an admin sees it: read on demand, narrowed, and one status set after a yes.

import { getByLabelText, getByRole, queryByRole, waitFor } from "@testing-library/dom";
import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import type { Question } from "../generated/Question";
import { heard, open, press, settled, type, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";
import { TEAM } from "../testing/team";

let opened: Window;
afterEach(() => opened.close());

const LEADER = STORIES.leader ?? { accounts: [], hints: [] };

async function openTeam(answer: (command: string) => unknown = () => undefined): Promise<HTMLElement> {
  opened = await open(
    LEADER,
    (command) => answer(command) ?? (command === "ask" ? { team: TEAM } : undefined),
  );
  getByRole(opened.page, "button", { name: "Team" }).click();
  return waitFor(() => getByLabelText(opened.page, "Agents").closest("section") as HTMLElement);
}

function questions(): Question[] {
  return opened.asked.filter((one) => one.command === "ask").map((one) => one.payload.question as Question);
}

function pick(field: HTMLElement, value: string): void {
  (field as HTMLSelectElement).value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

test("the team is said like this, and has no fault that axe can find", async () => {
  const team = await openTeam();
  await waitFor(() => getByRole(team, "button", { name: "Read again" }));
  expect(heard(team)).toMatchSnapshot();
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const { violations } = await axe.run(opened.page, { rules });
  expect(violations.map((fault) => fault.id)).toEqual([]);
});

test("nothing is read before somebody looks, and then once", async () => {
  const team = await openTeam();
  const again = await waitFor(() => getByRole(team, "button", { name: "Read again" }));
  expect(questions()).toHaveLength(1);
  again.click();
  await waitFor(() => expect(questions()).toHaveLength(2));
  getByRole(opened.page, "button", { name: "Statuses" }).click();
  await waitFor(() => getByRole(opened.page, "listbox"));
  await settled();
  expect(questions()).toHaveLength(2);
});

test("filters are asked of the help desk, and the search is not", async () => {
  const team = await openTeam();
  await waitFor(() => getByRole(team, "button", { name: "Set the status of Ben Billing" }));
  const asked = (count: number) => waitFor(() => expect(questions()).toHaveLength(count));
  await asked(1);
  pick(getByLabelText(team, "Status"), "1001");
  await asked(2);
  pick(getByLabelText(team, "Channel"), "talk");
  await asked(3);
  pick(getByLabelText(team, "Group"), "7");
  await asked(4);
  expect(questions().at(-1)).toEqual({
    ask: "team",
    account: "acme",
    narrowed: { status: "1001", group: "7", channel: { name: "talk", state: "online" } },
  });
  const before = questions().length;
  type(getByLabelText(team, "Search agents") as HTMLInputElement, "ben");
  await settled();
  expect(questions()).toHaveLength(before);
  expect(team.querySelectorAll(".agents li")).toHaveLength(1);
});

test("another agent's status is set only after a yes, and the team is read again", async () => {
  const team = await openTeam();
  (await waitFor(() => getByRole(team, "button", { name: "Set the status of Ben Billing" }))).click();
  const select = await waitFor(() => getByLabelText(team, "New status of Ben Billing"));
  expect(document.activeElement).toBe(select);
  pick(select, "1001");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  expect(heard(team.querySelector(".confirm") as Element)).toMatchSnapshot();
  expect(opened.asked.filter((one) => one.command === "act")).toEqual([]);
  getByRole(team, "button", { name: "Set to Lunch" }).click();
  await waitFor(() => expect(getByRole(team, "status").textContent).toContain("Lunch"));
  expect(opened.asked.filter((one) => one.command === "act").map((one) => one.payload.action)).toEqual([
    { do: "set_agent", account: "acme", agent: "15", status: "1001" },
  ]);
  await waitFor(() => expect(questions()).toHaveLength(2));
});

test("arrows lead from the search through the agents, and a closed question hands its focus back", async () => {
  const team = await openTeam();
  const ben = await waitFor(() => getByRole(team, "button", { name: "Set the status of Ben Billing" }));
  getByLabelText(team, "Search agents").focus();
  press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp");
  expect(document.activeElement).toBe(ben);
  ben.click();
  await waitFor(() => expect(document.activeElement?.tagName).toBe("SELECT"));
  press("Escape");
  await waitFor(() =>
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Set the status of Ben Billing"),
  );
});

test("Escape sets nothing, and a refusal is said", async () => {
  const message = "This agent’s groups may not use this status. Nothing was changed. Choose another.";
  const team = await openTeam((command) => {
    if (command === "act") throw { code: "not_eligible", message, retry_after_s: null };
  });
  (await waitFor(() => getByRole(team, "button", { name: "Set the status of Ben Billing" }))).click();
  const select = await waitFor(() => getByLabelText(team, "New status of Ben Billing"));
  select.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  (await waitFor(() => getByRole(team, "button", { name: "Set the status of Ben Billing" }))).click();
  pick(await waitFor(() => getByLabelText(team, "New status of Ben Billing")), "1001");
  (await waitFor(() => getByRole(team, "button", { name: "Set to Lunch" }))).click();
  await waitFor(() => expect(getByRole(team, "alert").textContent).toBe(message));
});

test("a team that cannot be read leaves no old rows behind", async () => {
  let healthy = true;
  const team = await openTeam((command) => {
    if (command === "ask" && !healthy)
      throw { code: "unreachable", message: "Zendesk cannot be reached.", retry_after_s: null };
  });
  await waitFor(() => expect(team.querySelectorAll(".agents li")).toHaveLength(TEAM.agents.length));
  healthy = false;
  (await waitFor(() => getByRole(team, "button", { name: "Read again" }))).click();
  await waitFor(() => expect(getByRole(team, "alert").textContent).toContain("cannot be reached"));
  expect(team.querySelectorAll(".agents li")).toHaveLength(0);
});

test("who may not see the team has no way to it, and reads why", async () => {
  opened = await open(STORIES.online ?? LEADER);
  expect(queryByRole(opened.page, "button", { name: "Team" })).toBeNull();
  expect(opened.page.querySelector(".able")?.textContent).toContain("lets only admins do that");
});
