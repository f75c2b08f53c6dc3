import { ALICE, BOB, expect, PHONE, review, send, SHOP_PROD, test } from "./people.js";

const JAPANESE = { locale: "ja-JP" };

test("a Japanese browser is spoken to in Japanese, from asking to approving", async ({ as, kari }) => {
  const alice = await as(ALICE, `/request?account=${SHOP_PROD}&permission_set=PowerUserAccess`, JAPANESE);
  await expect(alice.locator("html")).toHaveAttribute("lang", "ja");
  await expect(alice.getByRole("heading", { level: 1, name: "アクセスを申請" })).toBeVisible();
  await expect(alice.getByText("承認が必要です", { exact: true })).toBeVisible();
  await alice.getByRole("textbox", { name: "申請理由" }).fill("決済の遅延を調査するため、設定を確認します");
  await send(alice, "アクセスを申請");
  await expect(alice.getByText("承認待ち").first()).toBeVisible();

  const bob = await review(as, BOB, { ...JAPANESE, viewport: PHONE });
  await bob
    .getByRole("article")
    .getByRole("button", { name: /を承認$/ })
    .click();
  await expect(bob.getByText("あなたの承認を待つ申請はありません")).toBeVisible();
  await expect(alice.getByText("有効", { exact: true }).first()).toBeVisible();
  await expect(alice).toHaveTitle(/shop-prod.*Kari/);
  expect(kari.origin).toBe(new URL(alice.url()).origin);
});

test("the language can be chosen, and the choice is kept", async ({ as }) => {
  const page = await as(ALICE, "/requests");
  await page.getByRole("button", { name: /English/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "日本語" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "自分の申請" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "自分の申請" })).toBeVisible();
});
