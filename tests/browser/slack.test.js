import { ALICE, expect, HANAKO, test, turnSlackOn } from "./people.js";

const menuOf = (page, name) => page.getByRole("button", { name: new RegExp(name) }).first();
const LINK = "Link my Slack account";

/** Whether the person finds the page, in their menu and by its address. */
async function expectNoLinking(page, origin) {
  await menuOf(page, ALICE).click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: LINK })).toHaveCount(0);
  await page.goto(`${origin}/slack`);
  await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
}

test("where Slack is not set up, it can neither be turned on nor linked", async ({ as, kari }) => {
  const hanako = await as(HANAKO, "/settings");
  for (const name of ["Slack", "E-mail", "SNS"])
    await expect(hanako.getByRole("checkbox", { name, exact: true })).toBeDisabled();
  await expect(hanako.getByText("Not set up here: see infra/slack.md")).toBeVisible();
  await expectNoLinking(await as(ALICE), kari.origin);
});

test.describe("where Slack is set up", () => {
  test.use({ slack: true });

  test("a person links their account by a code, once it is on", async ({ as, kari }) => {
    await expectNoLinking(await as(ALICE), kari.origin);
    await turnSlackOn(await as(HANAKO), kari.origin);

    const page = await as(ALICE, "/", { permissions: ["clipboard-read", "clipboard-write"] });
    await menuOf(page, ALICE).click();
    await page.getByRole("menuitem", { name: LINK }).click();
    await expect(page.getByRole("heading", { level: 1, name: LINK })).toBeVisible();
    await expect(page.getByText("/access link")).toHaveCount(0);

    await page.getByRole("button", { name: "Show a code" }).click();
    const told = page.getByRole("status").getByText(/^\/access link (\w{4}-){2}\w{4}$/);
    await expect(told).toBeVisible();
    await expect(page.getByRole("timer", { name: "10 min left" })).toBeVisible();
    const first = await told.innerText();
    await page.getByRole("button", { name: "Copy the command" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);

    await page.getByRole("button", { name: "Show a new code" }).click();
    await expect(told).not.toHaveText(first);
    await page.getByRole("button", { name: "Skip 15 min" }).click();
    await expect(page.getByText("The code is no good any more")).toBeVisible();
    await expect(told).toHaveCount(0);
    await page.getByRole("button", { name: "Show a new code" }).click();
    await expect(told).toBeVisible();
  });
});
