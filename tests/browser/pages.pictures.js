// Every page of the portal with something on it, in both languages, wide and on a phone.
import { fileURLToPath } from "node:url";

import { LANGUAGES, messages } from "./languages.js";
import {
  ALICE,
  ask,
  BOB,
  EMMA,
  expect,
  HANAKO,
  KENJI,
  linkSlack,
  MISAKI,
  PHONE,
  SANDBOX_BLUE,
  SEARCH_PROD,
  SHOP_PROD,
  skipUntil,
  test,
  turnSlackOn,
  visit,
} from "./people.js";

const FOLDER = new URL("pictures/", import.meta.url);
const SIZES = { desktop: { width: 1280, height: 900 }, phone: PHONE };

const BLUE = { account: SANDBOX_BLUE, permissionSet: "PowerUserAccess" };
const SHOP = { account: SHOP_PROD, permissionSet: "PowerUserAccess" };
const SEARCH = { account: SEARCH_PROD, permissionSet: "PowerUserAccess" };
const ADMIN = { account: SHOP_PROD, permissionSet: "AdministratorAccess", ticket: "INC-4711" };
const LOOK = { account: SEARCH_PROD, permissionSet: "ReadOnlyAccess" };

test.use({ slack: true });

/** Requests in every state, by their paths. */
async function prepare(as, kari) {
  const [alice, bob, kenji] = [await as(ALICE), await as(BOB), await as(KENJI)];
  const made = {};
  const askFor = async (name, page, wish, state) => {
    await ask(page, kari.origin, wish);
    await expect(page.getByText(state, { exact: true }).first()).toBeVisible();
    made[name] = new URL(page.url()).pathname;
  };
  const press = (within, name) => within.getByRole("button", { name }).first().click();
  const show = (page, path) => visit(page, kari.origin + path);
  const review = async (path, name) => {
    await show(bob, path);
    await press(bob.getByRole("main"), name);
  };

  await askFor("expired", alice, BLUE, "Active");
  await askFor("lapsed", alice, SHOP, "Waiting for approval");
  await press(alice, "Skip 1 day");
  await expect(alice.getByText("Lapsed", { exact: true }).first()).toBeVisible();
  await show(alice, made.expired);
  await skipUntil(alice, alice.getByText("Expired", { exact: true }).first());

  await askFor("denied", alice, SEARCH, "Waiting for approval");
  await review(made.denied, "Deny");
  await bob.getByRole("dialog").getByRole("textbox").fill("Please use staging first");
  await press(bob.getByRole("dialog"), "Deny");
  await expect(bob.getByText("Denied", { exact: true }).first()).toBeVisible();
  await askFor("approved", alice, { ...SEARCH, later: true }, "Waiting for approval");
  await review(made.approved, /^Approve/);
  await expect(bob.getByText("Approved", { exact: true }).first()).toBeVisible();
  await askFor("half-approved", kenji, ADMIN, "Waiting for approval");
  await review(made["half-approved"], /^Approve/);
  await askFor("pending", alice, SHOP, "Waiting for approval");
  await askFor("active", alice, BLUE, "Active");
  // Removal is believed only after a second look, which nobody comes to here.
  await askFor("ending", kenji, LOOK, "Active");
  await press(kenji.getByRole("main"), "End now");
  await press(kenji.getByRole("dialog"), "End now");
  await expect(kenji.getByText("Ending", { exact: true }).first()).toBeVisible();
  return made;
}

/** Who goes where, under which name that is drawn, and what they do there first. */
function scenesOf(made, say) {
  const press = (id) => (page) => page.getByRole("button", { name: new RegExp(`${say[id]}$`) }).click();
  const answered = (page) => expect(page.locator(".verdict-outcome").first()).toBeVisible();
  const form = (account) => `/request?account=${account}&permission_set=PowerUserAccess`;
  const ofRequests = (names) => names.map((name) => [`request-${name}`, made[name]]);
  return {
    [KENJI]: ofRequests(["ending", "half-approved"]),
    [ALICE]: [
      ["active", "/active"],
      ["requests", "/requests"],
      ["inbox", "/inbox"],
      ["form", "/request"],
      ["form-needs-approval", form("payments-prod"), answered],
      ["form-already-asked", form("shop-prod"), answered],
      ["form-two-accounts", form("sandbox-blue,sandbox-green"), answered],
      ["form-not-offered", form("999999999999")],
      ["form-again", `/request?again=${made.expired.split("/").at(-1)}`, answered],
      ...ofRequests(["pending", "approved", "active", "denied", "lapsed", "expired"]),
      ["dialog-end", made.active, press("action.endNow")],
      ["slack", "/slack"],
      ["simulation", "/simulation"],
      ["theatre", "/active", press("theatre.title")],
      ["not-found", "/nowhere"],
    ],
    [BOB]: [
      ["review", "/review"],
      ["review-request", made.pending],
      ["dialog-deny", made.pending, press("action.deny")],
    ],
    [MISAKI]: [["review-enough", "/review"]],
    [EMMA]: [
      ["audit", "/audit"],
      ["everybody", "/everybody"],
      ["everybody-active", "/active"],
      ["policy-read-only", "/policies/eligibility/on-call-repair"],
    ],
    [HANAKO]: [
      ["policies", "/policies"],
      ["policies-approvers", "/policies?kind=approvers"],
      ["policies-guardrails", "/policies?kind=guardrails"],
      ["policies-who", "/policies?kind=who"],
      ["policy-eligibility", "/policies/eligibility/on-call-repair"],
      ["policy-approvers", "/policies/approvers/production-administrator"],
      ["policy-guardrail", "/policies/guardrails/short-administrator-in-production"],
      ["policy-new-eligibility", "/policies/new/eligibility"],
      ["policy-new-approvers", "/policies/new/approvers"],
      ["policy-new-guardrail", "/policies/new/guardrails"],
      ["settings", "/settings"],
      ["settings-slack", "/settings/slack"],
    ],
  };
}

/** What is seen by who is not, not yet or not any more let in, and where nothing can be fetched. */
async function drawFromOutside({ draw, browser, as, origin, options, say }) {
  const stranger = await browser.newPage(options);
  await visit(stranger, origin);
  await draw(stranger, "sign-in");
  for (const [name, path] of [
    ["signed-out", "/signed-out"],
    ["not-let-in", "/callback?error=access_denied"],
  ]) {
    await visit(stranger, origin + path, say["state.loading"]);
    await draw(stranger, name);
  }
  await stranger.close();

  const alice = await as(ALICE, "/", options);
  await alice.route("**/v1/requests*", (route) => route.abort());
  await alice.goto(`${origin}/requests`);
  await expect(alice.getByRole("main").getByRole("alert")).toBeVisible({ timeout: 30_000 });
  await draw(alice, "unreachable");
  const problem = { status: 403, code: "unknown-caller" };
  await alice.route("**/v1/me", (route) => route.fulfill({ status: 403, json: problem }));
  await alice.goto(origin);
  await expect(alice.getByText(say["problem.unknown-caller"])).toBeVisible();
  await draw(alice, "unknown-caller");
}

/** What lies over a page covers the window, not all of the page. */
const OVER = /^(dialog|theatre)/;

for (const [language, locale] of Object.entries(LANGUAGES)) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`${language}-${size}`, async ({ as, browser, kari }, { title }) => {
      test.setTimeout(900_000);
      const say = messages(language);
      const options = { locale, viewport };
      const draw = async (page, name) => {
        const path = fileURLToPath(new URL(`${title}-${name}.png`, FOLDER));
        // Names come after what they stand in, and lines break anew.
        await page.waitForLoadState("networkidle");
        await page.screenshot({ path, fullPage: !OVER.test(name) });
      };
      const hanako = await as(HANAKO, "/slack");
      await turnSlackOn(hanako, kari.origin);
      await visit(hanako, `${kari.origin}/slack`);
      await linkSlack(hanako, kari, "U0HANAKO");
      const made = await prepare(as, kari);
      for (const [person, scenes] of Object.entries(scenesOf(made, say))) {
        const page = await as(person, "/request", options);
        for (const [name, path, act] of scenes) {
          await test.step(name, async () => {
            await visit(page, kari.origin + path, say["state.loading"]);
            await act?.(page);
            await draw(page, name);
          });
        }
        await page.context().close();
      }
      await drawFromOutside({ draw, browser, as, origin: kari.origin, options, say });
    });
  }
}
