import { ALICE, EMMA, expect, HANAKO, linkSlack, menuOf, press, test, turnSlackOn } from "./people.js";

const LINK = "Link my Slack account";

/** Whether the person finds the page, by its address and then in their menu, which knows by then what there is. */
async function expectNoLinking(page, origin) {
  await page.goto(`${origin}/slack`);
  await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  await (await menuOf(page, ALICE)).click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: LINK })).toHaveCount(0);
}

test("where Slack is not set up, it can neither be turned on nor linked", async ({ as, kari }) => {
  const hanako = await as(HANAKO, "/settings");
  for (const name of ["Slack", "E-mail", "SNS"])
    await expect(hanako.getByRole("checkbox", { name, exact: true })).toBeDisabled();
  await expect(hanako.getByText("Start Kari with --slack-secrets FILE")).toBeVisible();
  await expect(hanako.getByText("Start Kari with --mail-secrets FILE; see README.md")).toBeVisible();
  await expectNoLinking(await as(ALICE), kari.origin);
});

test.describe("where Slack is set up", () => {
  test.use({ slack: true });

  test("a person links their account by a code, once it is on", async ({ as, kari }) => {
    await expectNoLinking(await as(ALICE), kari.origin);
    await turnSlackOn(await as(HANAKO), kari.origin);

    const page = await as(ALICE, "/", { permissions: ["clipboard-read", "clipboard-write"] });
    await (await menuOf(page, ALICE)).click();
    await page.getByRole("menuitem", { name: LINK }).click();
    await expect(page.getByRole("heading", { level: 1, name: LINK })).toBeVisible();
    await expect(page.getByText("You have linked no Slack account.")).toBeVisible();
    await expect(page.getByText("/access link")).toHaveCount(0);

    await press(page.getByRole("button", { name: "Show a code" }));
    const told = page.getByRole("status").getByText(/^\/access link (\w{4}-){2}\w{4}$/);
    await expect(told).toBeVisible();
    await expect(page.getByRole("timer", { name: /^(10|9) min left$/ })).toBeVisible();
    const first = await told.innerText();
    await press(page.getByRole("button", { name: "Copy the command" }));
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(first);

    await press(page.getByRole("button", { name: "Show a new code" }));
    await expect(told).not.toHaveText(first);
    await page.getByRole("button", { name: "Skip 15 min" }).click();
    await expect(page.getByText("The code is no longer valid")).toBeVisible();
    await expect(told).toHaveCount(0);
    await press(page.getByRole("button", { name: "Show a new code" }));
    await expect(told).toBeVisible();
  });

  test("a person sees their linked account and takes it back, with the keyboard alone", async ({
    as,
    kari,
  }) => {
    await turnSlackOn(await as(HANAKO), kari.origin);
    const page = await as(ALICE);
    await page.goto(`${kari.origin}/slack`);
    await expect(page.getByText("You have linked no Slack account.")).toBeVisible();
    expect(await linkSlack(page, kari, "U0ALICE")).toContain("Your Slack account is linked to");
    const mine = page.getByRole("list", { name: "My linked accounts" }).getByRole("listitem");
    await expect(mine).toContainText("Member U0ALICE, workspace T0000000001");

    await page.getByRole("button", { name: "Unlink U0ALICE in Slack" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Unlink U0ALICE in Slack" });
    await expect(dialog.getByText(/no longer acts as you/)).toBeVisible();
    await expect(dialog.getByText(/“Only people who linked .*” is off/)).toBeVisible();
    await expect(dialog.locator(":focus")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(mine).toHaveCount(1);

    await page.getByRole("button", { name: "Unlink U0ALICE in Slack" }).press("Enter");
    await dialog.getByRole("button", { name: "Unlink", exact: true }).press("Enter");
    await expect(page.getByText("The account was unlinked.")).toBeVisible();
    await expect(page.getByText("You have linked no Slack account.")).toBeVisible();
    expect(await kari.access("U0ALICE", "help")).not.toContain("It is linked to");
  });

  test("an administrator sees whose each account is and cuts one off, on the record", async ({
    as,
    kari,
  }) => {
    const page = await as(HANAKO);
    await turnSlackOn(page, kari.origin);
    const alice = await as(ALICE);
    await alice.goto(`${kari.origin}/slack`);
    await linkSlack(alice, kari, "U0ALICE");

    await press(page.getByRole("link", { name: "Linked Slack accounts" }));
    await expect(page.getByRole("heading", { level: 1, name: "Linked Slack accounts" })).toBeVisible();
    const emma = await as(EMMA);
    await emma.goto(`${kari.origin}/settings/slack`);
    await expect(emma.getByRole("listitem").filter({ hasText: ALICE })).toContainText("U0ALICE in Slack");
    await expect(await menuOf(emma, EMMA)).toBeVisible();
    await expect(emma.getByRole("button", { name: /^Unlink/ })).toHaveCount(0);
    await alice.goto(`${kari.origin}/settings/slack`);
    await expect(alice.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();

    await press(page.getByRole("button", { name: `Unlink U0ALICE in Slack from ${ALICE}` }));
    await page.getByRole("dialog").getByRole("button", { name: "Unlink", exact: true }).click();
    await expect(page.getByText("Nobody has linked a Slack account.")).toBeVisible();
    await page.goto(`${kari.origin}/audit`);
    await expect(page.getByText("Account unlinked")).toBeVisible();
    await expect(page.getByText("Account linked")).toBeVisible();
  });
});
