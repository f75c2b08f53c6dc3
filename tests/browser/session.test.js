import { ALICE, BOB, expect, KENJI, menuOf, signIn, test, WHY } from "./people.js";

test("signing in leads to the page that was asked for, and signing out to the door", async ({
  page,
  kari,
}) => {
  await page.goto(`${kari.origin}/requests?show=open`);
  await signIn(page, ALICE);
  await expect(page.getByRole("heading", { level: 1, name: "My requests" })).toBeVisible();
  await expect(
    page.getByRole("radio", { name: "Open" }).or(page.getByRole("button", { name: "Open", pressed: true })),
  ).toBeVisible();
  await (await menuOf(page, ALICE)).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await signIn(page, BOB);
  await expect(page.getByRole("button", { name: new RegExp(BOB) })).toBeVisible();
});

test("what somebody began to ask for is theirs: the next person in the same tab finds an empty form", async ({
  page,
  kari,
}) => {
  const why = page.getByRole("textbox", { name: "Why do you need it?" });
  await page.goto(`${kari.origin}/request`);
  await signIn(page, ALICE);
  await why.fill(WHY);
  await page.reload();
  await expect(why).toHaveValue(WHY);
  await (await menuOf(page, ALICE)).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await signIn(page, KENJI);
  await page.goto(`${kari.origin}/request`);
  await expect(why).toHaveValue("");
});
