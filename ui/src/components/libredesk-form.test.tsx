import { getByLabelText, getByRole, queryByLabelText } from "@testing-library/dom";
import { afterEach, expect, test } from "vitest";
import { open, settled, type, type Window } from "../testing/render";
import { STORIES } from "../testing/stories";

const SECRET = "sec-5ecret-0123456789";
const NOBODY = { accounts: [], hints: [] };
let opened: Window;
afterEach(() => opened.close());

function field(label: RegExp | string): HTMLInputElement {
  return getByLabelText<HTMLInputElement>(opened.page, label);
}

/** Chooses Libredesk and types what an admin gave. */
async function fill(address: string): Promise<void> {
  field("Libredesk").click();
  await settled();
  type(field("Libredesk address"), address);
  await settled();
  type(field("API key"), "k3y");
  type(field("API secret"), SECRET);
}

function submit(): void {
  getByRole(opened.page, "button", { name: /^Sign(ing)? in/ }).click();
}

test("a key is sent once with what the agent agreed to, and the secret is gone at once", async () => {
  opened = await open(NOBODY, () => new Promise(() => {}));
  await fill(" help.example.com ");
  expect(field("Keep me online while Statuslight runs").checked).toBe(true);
  submit();
  expect(field("API secret").value).toBe("");
  await settled();
  submit();
  expect(opened.asked).toEqual([
    {
      command: "sign_in",
      payload: {
        form: {
          helpdesk: "libredesk",
          address: "help.example.com",
          by: "api_key",
          key: "k3y",
          secret: SECRET,
          agreed: { unencrypted: false, keep_online: true, away_when_idle: false },
        },
      },
    },
  ]);
  expect(document.documentElement.outerHTML).not.toContain(SECRET);
});

test("an unencrypted address on a network wants a yes of its own", async () => {
  opened = await open(NOBODY, () => new Promise(() => {}));
  await fill("http://10.0.0.5:9000");
  const agree = field(/unencrypted/);
  expect(agree.checked).toBe(false);
  agree.click();
  field("Keep me online while Statuslight runs").click();
  submit();
  await settled();
  expect(JSON.stringify(opened.asked)).toContain('"unencrypted":true,"keep_online":false');
});

test("an encrypted address and this computer want none", async () => {
  opened = await open(NOBODY, () => new Promise(() => {}));
  for (const address of ["https://help.example.com", "http://localhost:9000", "http://127.0.0.1:9000"]) {
    await fill(address);
    expect(queryByLabelText(opened.page, /unencrypted/)).toBeNull();
  }
});

test("after a refusal the reason is said and the secret waits", async () => {
  opened = await open(NOBODY, () => {
    throw {
      code: "signed_out",
      message: "Libredesk did not accept this key and secret.",
      retry_after_s: null,
    };
  });
  await fill("help.example.com");
  submit();
  await settled();
  expect(getByRole(opened.page, "alert").textContent).toContain("did not accept this key");
  expect(document.activeElement).toBe(field("API secret"));
});

test("presence is a matter of two boxes", async () => {
  opened = await open(STORIES.libredesk ?? NOBODY);
  expect(field("Keep me online while Statuslight runs").checked).toBe(true);
  field("Keep me online while Statuslight runs").click();
  field(/Show me as Idle/).click();
  const sent = opened.asked.filter((one) => one.command === "act");
  expect(sent.slice(-2).map((one) => one.payload)).toEqual([
    { action: { do: "keep_online", account: "help", on: false } },
    { action: { do: "away_when_idle", account: "help", on: true } },
  ]);
});

test("signing in again to Libredesk asks for a key", async () => {
  const story = STORIES.libredesk ?? NOBODY;
  const signedOut = story.accounts.map((account) => ({ ...account, link: "signed_out" as const }));
  opened = await open({ ...story, accounts: signedOut });
  expect(field("Libredesk address").value).toBe("https://help.example.com");
});
