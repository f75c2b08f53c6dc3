// node pictures.js PATH
// Takes the pictures of the README anew, in both languages, with the kari at PATH.
import { mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium, expect } from "@playwright/test";

import { startKari } from "./kari.js";
import config from "./playwright.config.js";

const PRIYA = "Priya Sharma";
const KENJI = "田中 健司";
const HANAKO = "佐藤 花子";
const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../web/screenshots");
const messages = (language) =>
  JSON.parse(readFileSync(join(here, `../../web/src/messages/${language}.json`), "utf8"));

async function request(page, say) {
  const wish = "account=payments-prod&permission_set=AdministratorAccess&duration=1h";
  await page.goto(`/request?${wish}`);
  await expect(page.getByText(say["verdict.approval"], { exact: true })).toBeVisible();
}

async function faultTheatre(page, say) {
  const press = (name, within = page) => within.getByRole("button", { name }).first().click();
  await page.goto("/request?account=search-prod&permission_set=ReadOnlyAccess&duration=1h");
  await page.getByRole("textbox", { name: say["form.justification"] }).fill("INC-4711: search is slow");
  await press(new RegExp(`^${say["nav.request"]}$`));
  await expect(page.getByRole("link", { name: new RegExp(say["action.openConsole"]) }).first()).toBeVisible();
  await page.goto("/active");
  await press(new RegExp(say["theatre.title"]));
  await press(new RegExp(say["fault.crash"]));
  const [, backAfter] = say["kari.back"].split("{at}");
  await expect(page.getByText(backAfter.split("{seconds}")[0]).first()).toBeVisible({ timeout: 30_000 });
  await press(new RegExp(say["fault.throttle"]));
  await press(new RegExp(say["action.endNow"]), page.getByRole("main"));
  await press(new RegExp(say["action.endNow"]), page.getByRole("dialog"));
  await expect(page.getByText("ThrottlingException").nth(2)).toBeVisible({ timeout: 30_000 });
}

async function tryOut(page, say) {
  await page.goto("/policies/eligibility/on-call-repair");
  await page.getByRole("main").getByRole("checkbox", { name: say["policies.approvalChoice"] }).click();
  const aside = page.getByRole("complementary", { name: say["trial.title"] });
  const choose = async (label, option) => {
    await aside.getByRole("button", { name: new RegExp(label) }).click();
    await page.getByRole("option", { name: option }).first().click();
  };
  await choose(say["fact.permissionSet"], /AdministratorAccess/);
  await choose(say["fact.account"], /payments-prod/);
  await aside.getByRole("button", { name: say["trial.try"] }).click();
  await expect(aside.getByText(KENJI).first()).toBeVisible();
}

const PICTURES = {
  request: [PRIYA, request],
  "fault-theatre": [KENJI, faultTheatre],
  "try-out": [HANAKO, tryOut],
};
const LANGUAGES = { en: "en-GB", ja: "ja-JP" };

const binary = resolve(process.argv[2] ?? join(here, "../../target/debug/kari"));
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(config.use.launchOptions);
try {
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    for (const [name, [person, act]] of Object.entries(PICTURES)) {
      const kari = await startKari(binary);
      try {
        const { timezoneId } = config.use;
        const viewport = { width: 1280, height: 800 };
        const options = { locale, timezoneId, viewport, baseURL: kari.origin, reducedMotion: "reduce" };
        const page = await (await browser.newContext(options)).newPage();
        await page.goto("/");
        await page.getByRole("button", { name: new RegExp(person) }).click();
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await act(page, messages(language));
        await page.mouse.move(0, 0);
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(folder, `${name}.${language}.png`) });
      } finally {
        await kari.stop();
      }
    }
  }
} finally {
  await browser.close();
}
