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

/** Signs in, and waits until the portal has come and knows who that is: the page to sign in on has a heading, too. */
export async function signIn(page, name) {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await expect(await menuOf(page, name)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** The person's menu, once the bell before it has come: a menu that is open then closes. */
export async function menuOf(page, name) {
  const top = page.locator("#top");
  await expect(top.getByRole("link", { name: /^(Inbox|お知らせ)/ })).toBeVisible();
  return top.getByRole("button", { name: new RegExp(name) });
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
  await page.getByRole("textbox", { name: "Why do you need it?" }).fill(WHY);
  await expectVerdict(page);
  if (later) await page.getByRole("radio", { name: "Later" }).check();
  await send(page);
  await expect(page.getByRole("heading", { level: 1, name: new RegExp(permissionSet) })).toBeVisible();
}

/** It is said what will happen. The form stands still from then on. */
export async function expectVerdict(page) {
  await expect(page.locator(".verdict-outcome").first()).toBeVisible();
  await expect(page.locator(".verdict-stale")).toHaveCount(0);
  await expect(page.locator(".request-aside").getByText(/^(Loading|読み込み中)$/)).toHaveCount(0);
}

/** Sends the form once it is said what will happen. */
export async function send(page, name = "Request access") {
  await expectVerdict(page);
  await press(page.getByRole("button", { name }));
}

/**
 * Presses a button or a link that moves when news comes above it, or goes: a mouse that goes down on it may come up
 * beside it. That a mouse could press it is seen first; then a key does.
 */
export async function press(locator) {
  await locator.click({ trial: true });
  await locator.press("Enter");
}

/** Somebody at what waits for their review, after the news of it, which may come later than the requests. */
export async function review(as, name, { requests = 1, ...options } = {}) {
  const page = await as(name, "/review", options);
  const news = new RegExp(`${requests === 1 ? "one" : requests} new message|新着${requests}件`);
  await expect(page.getByRole("link", { name: news })).toBeVisible();
  return page;
}

/** On the settings' page, in whatever language. */
export async function turnSlackOn(page, origin) {
  await page.goto(`${origin}/settings`);
  await page.getByRole("checkbox", { name: "Slack", exact: true }).check();
  await page.getByRole("button", { name: /^(Save|保存)$/ }).click();
  await expect(page.getByText(/The settings were saved|設定を保存しました/)).toBeVisible();
}

/** Gives the first code from the page where accounts are linked, in Slack. Answers with what is said there. */
export async function linkSlack(page, kari, account) {
  const none = /^(You have linked no Slack account\.|連携済みの Slack アカウントはありません。)$/;
  await expect(page.getByText(none)).toBeVisible();
  await page.getByRole("button", { name: /^(Show a (new )?code|コードを表示)$/ }).click();
  const command = page.getByRole("status").getByText(/^\/access link (\w{4}-){2}\w{4}$/);
  return kari.access(account, (await command.innerText()).replace("/access ", ""));
}

/** Removal is believed only after a second look, minutes later: the clock is turned on until then. */
export async function skipUntil(page, told) {
  await expect(async () => {
    await page.getByRole("button", { name: "Skip 15 min" }).click();
    await expect(told).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 180_000 });
}

export const SHOP_PROD = "210000000031";
export const SEARCH_PROD = "210000000032";
export const SANDBOX_BLUE = "210000000051";
