import { getByLabelText, getByRole, queryByRole } from "@testing-library/dom";
import { afterEach, expect, test, vi } from "vitest";
import { open, settled, type, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";

const SECRET = "tok-5ecret-0123456789";
const NOBODY = { accounts: [], hints: [] };
let opened: Window;
afterEach(() => opened.close());

function field(label: RegExp | string): HTMLInputElement {
  return getByLabelText<HTMLInputElement>(opened.page, label);
}

function secretField(): HTMLInputElement {
  const found = opened.page.querySelector<HTMLInputElement>("input[type=password]");
  if (!found) throw new Error("there is no field for the secret");
  return found;
}

/** Chooses to paste a token. */
async function byToken(): Promise<void> {
  field("Access token").click();
  await settled();
}

function submit(): void {
  getByRole(opened.page, "button", { name: /^Sign(ing)? in/ }).click();
}

/** Everything on the page in which a secret could stay. */
function traces(): string {
  const values = [...opened.page.querySelectorAll("input")].map(
    (input) => `${input.value} ${input.defaultValue}`,
  );
  return `${document.documentElement.outerHTML} ${values}`;
}

test("an access token is sent once, and the field is empty at once", async () => {
  opened = await open(NOBODY, () => new Promise(() => {}));
  await byToken();
  type(field("Zendesk address"), " acme.zendesk.com ");
  type(secretField(), SECRET);
  submit();
  expect(secretField().value).toBe("");
  await settled();
  submit();
  expect(opened.asked).toEqual([
    {
      command: "sign_in",
      payload: {
        form: { helpdesk: "zendesk", address: "acme.zendesk.com", by: "access_token", secret: SECRET },
      },
    },
  ]);
  expect(getByRole(opened.page, "button", { name: "Signing in…" })).toBeTruthy();
  expect(traces()).not.toContain(SECRET);
});

test("after a success nothing of the secret is left, and the focus is on the status", async () => {
  opened = await open(NOBODY, async () => {
    await opened.tell(STORIES.online ?? NOBODY);
  });
  await byToken();
  type(field("Zendesk address"), "acme");
  type(secretField(), SECRET);
  submit();
  await settled();
  await settled();
  expect(traces()).not.toContain(SECRET);
  expect(queryByRole(opened.page, "form")).toBeNull();
  expect(document.activeElement?.textContent).toBe("Online");
});

test("after a refusal nothing of the secret is left, the reason is said, and the field waits", async () => {
  opened = await open(NOBODY, () => {
    throw { code: "signed_out", message: "Zendesk refused the sign-in.", retry_after_s: null };
  });
  await byToken();
  type(field("Zendesk address"), "acme");
  type(secretField(), SECRET);
  submit();
  await settled();
  expect(traces()).not.toContain(SECRET);
  expect(getByRole(opened.page, "alert").textContent).toContain("Zendesk refused the sign-in.");
  expect(document.activeElement).toBe(secretField());
  expect(field("Zendesk address").value).toBe("acme");
});

test("a wrong address wants another look at the address", async () => {
  opened = await open(NOBODY, () => {
    throw { code: "not_this_help_desk", message: "No Zendesk answers here.", retry_after_s: null };
  });
  await byToken();
  type(field("Zendesk address"), "acmee");
  type(secretField(), SECRET);
  submit();
  await settled();
  expect(document.activeElement).toBe(field("Zendesk address"));
});

test("the reason for a refusal comes into sight together with the button", async () => {
  opened = await open(NOBODY, () => {
    throw { code: "not_this_help_desk", message: "A long reason. ".repeat(30), retry_after_s: null };
  });
  await byToken();
  const brought: { said: string | null; focus: Element | null }[] = [];
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    brought.push({ said: this.textContent, focus: document.activeElement });
  });
  type(field("Zendesk address"), "https://acme");
  type(secretField(), SECRET);
  submit();
  await settled();
  expect(brought).toHaveLength(1);
  expect(brought[0]?.said).toMatch(
    /A long reason.*The token was cleared; paste it again to retry\.Sign(ing)? in/,
  );
  expect(brought[0]?.focus).toBe(field("Zendesk address"));
  expect(traces()).not.toContain(SECRET);
});

test("the reason goes away with the way of signing in that it was about", async () => {
  opened = await open(NOBODY, () => {
    throw { code: "signed_out", message: "Zendesk refused the sign-in.", retry_after_s: null };
  });
  await byToken();
  type(field("Zendesk address"), "acme");
  type(secretField(), SECRET);
  submit();
  await settled();
  expect(getByRole(opened.page, "alert")).toBeTruthy();
  field("E-mail and API token").click();
  await settled();
  expect(queryByRole(opened.page, "alert")).toBeNull();
  expect(field("Zendesk address").value).toBe("acme");
});

test("the ways of signing in are one group with a name", async () => {
  opened = await open(NOBODY);
  const ways = getByRole(opened.page, "radiogroup", { name: "Sign in with" });
  expect(ways.querySelectorAll("input[type=radio]")).toHaveLength(3);
  // WebKit lays a legend out twice.
  expect(opened.page.querySelector("fieldset, legend")).toBeNull();
});

test("an API token goes with the e-mail, and its end is said", async () => {
  opened = await open(NOBODY);
  await byToken();
  type(field("Zendesk address"), "acme");
  type(secretField(), SECRET);
  field("E-mail and API token").click();
  await settled();
  expect(secretField().value).toBe("");
  expect(getByRole(opened.page, "note").textContent).toContain("30 April 2027");
  type(field("E-mail"), "ada@acme.example");
  type(secretField(), SECRET);
  submit();
  await settled();
  expect(opened.asked[0]?.payload.form).toEqual({
    helpdesk: "zendesk",
    address: "acme",
    by: "api_token",
    email: "ada@acme.example",
    secret: SECRET,
  });
  expect(traces()).not.toContain(SECRET);
});

test("an unfinished form sends nothing", async () => {
  opened = await open(NOBODY);
  await byToken();
  type(secretField(), SECRET);
  submit();
  expect(opened.asked).toEqual([]);
});

test("one more account can be added, or not", async () => {
  opened = await open(STORIES.online ?? NOBODY);
  getByRole(opened.page, "button", { name: "Add an account" }).click();
  await settled();
  expect(document.activeElement).toBe(field("Zendesk address"));
  getByRole(opened.page, "button", { name: "Cancel" }).click();
  await settled();
  expect(document.activeElement?.textContent).toBe("Add an account");
});

test("a signed-out account asks to sign in again where it was", async () => {
  opened = await open(STORIES["signed-out"] ?? NOBODY);
  expect(field("Zendesk address").value).toBe("https://acme.zendesk.com");
  expect(queryByRole(opened.page, "listbox")).toBeNull();
});

test("the browser is the first way: no secret is asked for, and what is to be done there is said", async () => {
  opened = await open(NOBODY, () => new Promise(() => {}));
  expect(opened.page.querySelector("input[type=password]")).toBeNull();
  type(field("Zendesk address"), "acme");
  type(field("Client ID"), " statuslight ");
  submit();
  await settled();
  submit();
  expect(opened.asked).toEqual([
    {
      command: "sign_in_by_browser",
      payload: { form: { helpdesk: "zendesk", address: "acme", client_id: "statuslight" } },
    },
  ]);
  expect(getByRole(opened.page, "note").textContent).toContain("Allow Statuslight there");
  getByRole(opened.page, "button", { name: "Stop waiting" }).click();
  await settled();
  expect(opened.asked[1]?.command).toBe("stop_sign_in");
});

test("what was wrong in the browser is said, and nothing of tokens", async () => {
  opened = await open(NOBODY, () => {
    throw { code: "refused", message: "Statuslight was not allowed.", retry_after_s: null };
  });
  type(field("Zendesk address"), "acme");
  type(field("Client ID"), "statuslight");
  submit();
  await settled();
  expect(getByRole(opened.page, "alert").textContent).toBe("Statuslight was not allowed.");
  expect(document.activeElement).toBe(field("Client ID"));
});

test("who signed in by the browser need not type the client again", async () => {
  const story = STORIES["signed-out"] ?? NOBODY;
  const accounts = story.accounts.map((account) => ({ ...account, client_id: "statuslight" }));
  opened = await open({ ...story, accounts });
  expect(field("Client ID").value).toBe("statuslight");
});
