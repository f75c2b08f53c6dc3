import { ALICE, ask, expect, skipUntil, SANDBOX_BLUE, test } from "./people.js";

test("a crash is survived in front of everybody's eyes, and access still ends", async ({ as, kari }) => {
  const page = await as(ALICE);
  await ask(page, kari.origin, {
    account: SANDBOX_BLUE,
    permissionSet: "PowerUserAccess",
  });
  await expect(page.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
  await page.getByRole("link", { name: "My requests" }).click();
  await page.getByRole("button", { name: "Fault theatre" }).click();
  await page.getByRole("button", { name: /Crash Kari now/ }).click();
  await expect(page.getByText("Kari is down")).toBeVisible();
  await expect(page.getByText(/back after [\d.]+ s/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText(/Nothing was lost/)).toBeVisible();

  await page.getByRole("button", { name: /Lose the next response/ }).click();
  await expect(page.getByText("waits for the next change")).toBeVisible();
  await page.getByRole("button", { name: "Skip 1 h" }).click();
  await skipUntil(page, page.getByRole("list", { name: "My requests" }).getByText("Expired"));
});

test("the simulated Identity Center shows the assignment come and go", async ({ as, kari }) => {
  const page = await as(ALICE);
  await ask(page, kari.origin, {
    account: SANDBOX_BLUE,
    permissionSet: "PowerUserAccess",
  });
  await page.getByRole("link", { name: "Simulated Identity Center" }).click();
  const assignments = page.getByRole("list", { name: "Account assignments" });
  const ours = assignments.getByRole("listitem").filter({ hasText: "sandbox-blue" });
  await expect(ours).toContainText("created by Kari");
  await page.getByRole("button", { name: "Skip 1 h" }).click();
  await expect(ours).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByText("DeleteAccountAssignment").first()).toBeVisible();
});
