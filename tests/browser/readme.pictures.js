// The pictures of the README, in both languages.
import { fileURLToPath } from "node:url";

import { LANGUAGES, messages } from "./languages.js";
import { expect, HANAKO, KENJI, PRIYA, test } from "./people.js";

const FOLDER = new URL("../../web/screenshots/", import.meta.url);

async function request(page, origin, say) {
  const wish = "account=payments-prod&permission_set=AdministratorAccess&duration=1h";
  await page.goto(`${origin}/request?${wish}`);
  await expect(page.getByText(say["verdict.approval"], { exact: true })).toBeVisible();
}

async function faultTheatre(page, origin, say) {
  const press = (name, within = page) => within.getByRole("button", { name }).first().click();
  await page.goto(`${origin}/request?account=search-prod&permission_set=ReadOnlyAccess&duration=1h`);
  await page.getByRole("textbox", { name: say["form.justification"] }).fill("INC-4711: search is slow");
  await press(new RegExp(`^${say["nav.request"]}$`));
  await expect(page.getByRole("link", { name: new RegExp(say["action.openConsole"]) }).first()).toBeVisible();
  await page.goto(`${origin}/active`);
  await press(new RegExp(say["theatre.title"]));
  await press(new RegExp(say["fault.crash"]));
  const [, backAfter] = say["kari.back"].split("{at}");
  await expect(page.getByText(backAfter.split("{seconds}")[0]).first()).toBeVisible({ timeout: 30_000 });
  await press(new RegExp(say["fault.throttle"]));
  await press(new RegExp(say["action.endNow"]), page.getByRole("main"));
  await press(new RegExp(say["action.endNow"]), page.getByRole("dialog"));
  await expect(page.getByText("ThrottlingException").nth(2)).toBeVisible({ timeout: 30_000 });
}

async function tryOut(page, origin, say) {
  await page.goto(`${origin}/policies/eligibility/on-call-repair`);
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

for (const [language, locale] of Object.entries(LANGUAGES)) {
  for (const [name, [person, act]] of Object.entries(PICTURES)) {
    test(`${name}.${language}.png`, async ({ as, kari }, { title }) => {
      const page = await as(person, "/", { locale, viewport: { width: 1280, height: 800 } });
      await act(page, kari.origin, messages(language));
      await page.mouse.move(0, 0);
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: fileURLToPath(new URL(title, FOLDER)) });
    });
  }
}
