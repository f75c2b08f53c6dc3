// People of the sample organization at their own browsers.
import { test as base, expect } from "@playwright/test";

import { startKari } from "./kari.js";

export { expect };

export const PHONE = { width: 390, height: 844 };

export const ALICE = "Alice Martin"; // develops; needs approval in production
export const KENJI = "田中 健司"; // develops, on call
export const PRIYA = "Priya Sharma"; // develops, on call
export const BOB = "Bob Fischer"; // leads a team, approves
export const MISAKI = "高橋 美咲"; // leads a team, approves
export const HANAKO = "佐藤 花子"; // administrator
export const EMMA = "Emma Lindqvist"; // auditor

export const WHY = "INC-4711: checkout is slow, roll back the last change";

export const test = base.extend({
  /** Whether Slack is set up. */
  slack: [false, { option: true }],

  kari: async ({ slack }, use) => {
    const kari = await startKari(process.env.KARI_BINARY, { slack });
    await use(kari);
    await kari.stop();
  },

  /** Opens a person's own browser, signed in, at a page. */
  as: async ({ browser, kari }, use) => {
    const contexts = [];
    await use(async (name, path = "/", options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(kari.origin + path);
      await signIn(page, name);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

export async function signIn(page, name) {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Goes to a page, and waits until it has come. */
export async function visit(page, url, loading = "Loading") {
  await page.goto(url);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(loading, { exact: true })).toHaveCount(0);
}

/** Fills the form from a link, as a runbook does, and sends it. */
export async function ask(page, origin, { account, permissionSet, duration = 60, ticket, later = false }) {
  const wish = `account=${account}&permission_set=${permissionSet}&duration=${duration}`;
  await page.goto(`${origin}/request?${wish}${ticket === undefined ? "" : `&ticket=${ticket}`}`);
  if (later) await page.getByRole("radio", { name: "Later" }).check();
  await page.getByRole("textbox", { name: "Why do you need it?" }).fill(WHY);
  await send(page);
  await expect(page.getByRole("heading", { level: 1, name: new RegExp(permissionSet) })).toBeVisible();
}

/** Sends the form once it is said what will happen: as that comes, the button may move, and a press would miss it. */
export async function send(page, name = "Request access") {
  await expect(page.locator(".verdict-outcome").first()).toBeVisible();
  await expect(page.locator(".verdict-stale")).toHaveCount(0);
  await expect(page.locator(".request-aside").getByText("Loading", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name }).click();
}

/** On the settings' page, in whatever language. */
export async function turnSlackOn(page, origin) {
  await page.goto(`${origin}/settings`);
  await page.getByRole("checkbox", { name: "Slack", exact: true }).check({ force: true });
  await page.getByRole("button", { name: /^(Save|保存)$/ }).click();
  await expect(page.getByText(/The settings were saved|設定を保存しました/)).toBeVisible();
}

/** Gives a code from the page, which is the one where accounts are linked, in Slack. Answers with what is said there. */
export async function linkSlack(page, kari, account) {
  await page.getByRole("button", { name: /^(Show a (new )?code|コードを表示)$/ }).click();
  const command = page.getByRole("status").getByText(/^\/access link (\w{4}-){2}\w{4}$/);
  return kari.access(account, (await command.innerText()).replace("/access ", ""));
}

/** Removal is believed only after a second look, minutes later: the clock is turned on until then. */
export async function skipUntil(page, told) {
  await expect(async () => {
    await page.getByRole("button", { name: "Skip 15 min" }).click();
    await expect(told).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 45_000 });
}

export const SHOP_PROD = "210000000031";
export const SEARCH_PROD = "210000000032";
export const SANDBOX_BLUE = "210000000051";
