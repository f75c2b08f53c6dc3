import { ALICE, expect, test } from "./people.js";

/** Presses Tab until something is focused, as people without a mouse do. */
async function tabTo(page, locator, most = 60) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`not reached by ${most} presses of Tab`);
}

test("a request can be made with the keyboard alone", async ({ as }) => {
  const page = await as(ALICE, "/request");
  await tabTo(page, page.getByRole("button", { name: /Accounts/ }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("green");
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");

  const first = page.getByRole("radio", { name: /Access/ }).first();
  await expect(first).toBeVisible();
  await tabTo(page, first);
  await page.keyboard.press("Space");
  await expect(first).toBeChecked();

  await tabTo(page, page.getByRole("radio", { name: "1 h" }));
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("radio", { name: "30 min" })).toBeChecked();

  await tabTo(page, page.getByRole("textbox", { name: "Why do you need it?" }));
  await page.keyboard.type("trying out the new cache");
  await tabTo(page, page.getByRole("button", { name: "Request access" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /sandbox-green/ })).toBeVisible();
});

test("what is missing is said, and focused", async ({ as }) => {
  const page = await as(ALICE, "/request?account=210000000051&permission_set=PowerUserAccess");
  await expect(page.getByRole("radio", { name: /PowerUserAccess/ })).toBeChecked();
  await page.getByRole("button", { name: "Request access" }).click();
  await expect(page.getByText("This is needed.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Why do you need it?" })).toBeFocused();
});
