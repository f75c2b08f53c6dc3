import AxeBuilder from "@axe-core/playwright";

import {
  ALICE,
  ask,
  BOB,
  EMMA,
  expect,
  HANAKO,
  linkSlack,
  PHONE,
  press,
  SANDBOX_BLUE,
  SEARCH_PROD,
  send,
  SHOP_PROD,
  test,
  turnSlackOn,
  visit,
} from "./people.js";

test.use({ slack: true });

async function expectNoViolations(page) {
  // In the page itself and not in one more beside it, which is for frames of other origins: there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
  expect.soft(told, page.url()).toEqual([]);
}

/** Both languages and both sizes, each once: what is found by one of them is hardly ever of both together. */
const LOOKS = [
  {
    locale: "en-GB",
    loading: "Loading",
    sendText: /^Request access to/,
    size: "desktop",
    viewport: { width: 1280, height: 900 },
  },
  {
    locale: "ja-JP",
    loading: "読み込み中",
    sendText: /アカウントへのアクセスを申請/,
    size: "phone",
    viewport: PHONE,
  },
];

/** One of every kind. */
const POLICIES = [
  "/policies/eligibility/on-call-repair",
  "/policies/approvers/production-administrator",
  "/policies/guardrails/short-administrator-in-production",
];

/** Everybody looks at their pages, once these have come. */
async function visitAll(visits, { as, kari, loading, options }) {
  for (const [person, paths] of visits) {
    const page = await as(person, "/request", options);
    for (const path of paths) {
      await test.step(`${person} ${path}`, async () => {
        await visit(page, kari.origin + path, loading);
        await expectNoViolations(page);
      });
    }
    await page.context().close();
  }
}

for (const { locale, loading, sendText, size, viewport } of LOOKS) {
  test(`axe finds nothing on any page (${locale}, ${size})`, async ({ as, kari }) => {
    test.setTimeout(1_800_000);
    const asker = await as(ALICE);
    await ask(asker, kari.origin, {
      account: SHOP_PROD,
      permissionSet: "PowerUserAccess",
    });
    const pending = new URL(asker.url()).pathname;
    await ask(asker, kari.origin, {
      account: SANDBOX_BLUE,
      permissionSet: "PowerUserAccess",
    });
    await expect(asker.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
    const active = new URL(asker.url()).pathname;

    const options = { locale, viewport };
    const visits = [
      [
        ALICE,
        ["/request", `/request?account=${SHOP_PROD}&permission_set=PowerUserAccess`, "/active", "/requests"],
      ],
      [ALICE, [pending, active, "/inbox", "/simulation", "/nowhere"]],
      [BOB, ["/review", pending]],
      [EMMA, ["/audit", "/active", "/everybody"]],
      [
        HANAKO,
        ["/policies", "/policies?kind=approvers", "/policies?kind=who", "/settings", "/settings/slack"],
      ],
      [HANAKO, ["/policies/new/eligibility", "/policies/new/approvers", "/policies/new/guardrails"]],
      [HANAKO, POLICIES],
      [EMMA, POLICIES.slice(0, 1)],
    ];
    await visitAll(visits, { as, kari, loading, options });

    const linker = await as(HANAKO, "/request", options);
    await test.step("Slack, where it is on", async () => {
      await turnSlackOn(linker, kari.origin);
      await expectNoViolations(linker);
      await linker.goto(`${kari.origin}/slack`);
      await linkSlack(linker, kari, "U0HANAKO");
      const mine = linker.getByRole("listitem").filter({ hasText: "U0HANAKO" });
      await expect(mine).toBeVisible();
      await expectNoViolations(linker);
      await linker.goto(`${kari.origin}/settings/slack`);
      await press(mine.getByRole("button"));
      await expect(linker.getByRole("dialog")).toBeVisible();
      await expectNoViolations(linker);
    });

    const page = await as(ALICE, "/requests", options);
    await test.step("results of a request for several accounts, one of them refused", async () => {
      const several = `account=${SHOP_PROD},${SEARCH_PROD}&permission_set=PowerUserAccess`;
      await page.goto(`${kari.origin}/request?${several}&justification=looking+at+both`);
      await send(page, sendText);
      await expect(page.locator(".request-form")).toHaveCount(0);
      await expect(page.getByRole("listitem").filter({ hasText: "search-prod" })).toBeVisible();
      await expectNoViolations(page);
    });
    await test.step("what is shown while nothing can be fetched", async () => {
      await page.route("**/v1/requests*", (route) => route.abort());
      await page.goto(`${kari.origin}/requests`);
      await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
      await expectNoViolations(page);
    });
    await test.step("not let in", async () => {
      await page.goto(`${kari.origin}/callback?error=access_denied`);
      await expect(page.getByRole("alert")).toBeVisible();
      await expectNoViolations(page);
    });
    await test.step("signed out", async () => {
      await page.goto(`${kari.origin}/signed-out`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

test("axe finds nothing in forms with the longer words of English on a phone", async ({ as, kari }) => {
  const visits = [
    [ALICE, [`/request?account=${SHOP_PROD}&permission_set=PowerUserAccess`]],
    [HANAKO, ["/policies/new/eligibility", "/policies/new/approvers", "/settings"]],
  ];
  await visitAll(visits, { as, kari, loading: "Loading", options: { viewport: PHONE } });
});

test("axe finds nothing in dialogs, in the theatre and on the sign-in page", async ({
  as,
  kari,
  browser,
}) => {
  for (const options of [{ locale: "en-GB" }, { locale: "ja-JP", viewport: PHONE }]) {
    const page = await browser.newPage(options);
    await page.goto(kari.origin);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoViolations(page);
    await page.close();
  }
  const alice = await as(ALICE);
  await ask(alice, kari.origin, {
    account: SANDBOX_BLUE,
    permissionSet: "PowerUserAccess",
  });
  await expect(alice.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
  await press(alice.getByRole("button", { name: "End now" }));
  await expect(alice.getByRole("dialog")).toBeVisible();
  await expectNoViolations(alice);
  await alice.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await alice.getByRole("button", { name: "Fault theatre" }).click();
  await expect(alice.getByText("Kari is running")).toBeVisible();
  await expectNoViolations(alice);
  await alice.emulateMedia({ colorScheme: "dark" });
  await expect(alice.locator("body")).toHaveClass(/dark-mode/);
  await expectNoViolations(alice);
});

test("axe finds nothing while a policy is tried out, refused, or about to be deleted", async ({ as }) => {
  const page = await as(HANAKO, "/policies/eligibility/on-call-repair");
  const aside = page.getByRole("complementary", { name: "Try it" });
  await aside.getByRole("button", { name: /Account/ }).click();
  await expect(page.getByRole("option", { name: /shop-prod/ })).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("option", { name: /shop-prod/ }).click();
  await page.getByRole("checkbox", { name: "Needs approval" }).click();
  await aside.getByRole("button", { name: "Try this change" }).click();
  await expect(aside.getByText("For 2 people the terms change")).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("textbox", { name: "Name" }).fill("");
  await press(page.getByRole("button", { name: "Save" }));
  await expect(page.getByText("“Name” needs 1 to 100 characters.").first()).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole("tab", { name: "JSON" }).click();
  await expectNoViolations(page);
  await press(page.getByRole("button", { name: "Delete" }));
  await page.getByRole("dialog").getByRole("button", { name: "What would change" }).click();
  await expectNoViolations(page);
});
