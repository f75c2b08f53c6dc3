import { ALICE, ask, expect, press, skipUntil, SANDBOX_BLUE, test } from "./people.js";

test("a crash is survived in front of everybody's eyes, and access still ends", async ({ as, kari }) => {
  const page = await as(ALICE);
  await ask(page, kari.origin, {
    account: SANDBOX_BLUE,
    permissionSet: "PowerUserAccess",
  });
  await expect(page.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
  await page.getByRole("link", { name: "My requests" }).click();
  await page.getByRole("button", { name: "Fault theatre" }).click();
  const seeItBack = await hideItsReturn(page);
  await page.getByRole("button", { name: /Crash Kari now/ }).click();
  await expect(page.getByText("Kari is down")).toBeVisible();
  seeItBack();
  await expect(page.getByText(/back after [\d.]+ s/)).toBeVisible();
  await expect(page.getByText(/Nothing was lost/)).toBeVisible();

  await page.getByRole("button", { name: /Lose the next response/ }).click();
  await expect(page.getByText("waits for the next change")).toBeVisible();
  await page.getByRole("button", { name: "Skip 1 h" }).click();
  await skipUntil(page, page.getByRole("list", { name: "My requests" }).getByText("Expired"));
});

/** It is back sooner than one may look: until the answer is called, the page does not see it. */
async function hideItsReturn(page) {
  let seeItBack;
  const back = new Promise((resolve) => (seeItBack = resolve));
  await page.route("**/v1/simulation", async (route) => {
    await back;
    await route.continue();
  });
  return seeItBack;
}

/** What is pressed, how it shows that it is on, and what Identity Center has heard once it struck. */
const FAULTS = [
  {
    fault: "Throttle for a minute",
    on: /^(1:00|0:\d\d)$/,
    struck: (calls) => calls.filter({ hasText: "DeleteAccountAssignment" }).filter({ hasText: "Throttling" }),
    times: 1,
  },
  {
    fault: "Fail after accepting",
    on: "waits for the next change",
    // Accepted, failed there, and so sent again.
    struck: (calls) =>
      calls.filter({ hasText: /DeleteAccountAssignment(?!.*Status)/ }).filter({ hasText: "ok" }),
    times: 2,
  },
];

for (const { fault, on, struck, times } of FAULTS) {
  test(`access still ends in spite of “${fault}”`, async ({ as, kari }) => {
    const page = await as(ALICE);
    await ask(page, kari.origin, { account: SANDBOX_BLUE, permissionSet: "PowerUserAccess" });
    await expect(page.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
    await page.getByRole("button", { name: "Fault theatre" }).click();
    const button = page.getByRole("button", { name: fault });
    await button.click();
    await expect(button.getByText(on)).toBeVisible();
    await press(page.getByRole("main").getByRole("button", { name: "End now" }));
    await page.getByRole("dialog").getByRole("button", { name: "End now" }).click();
    const calls = page.getByRole("list", { name: /Calls/ }).getByRole("listitem");
    await expect.poll(() => struck(calls).count()).toBeGreaterThanOrEqual(times);
    await skipUntil(page, page.getByText("Access ended early."));
    await page.getByRole("link", { name: "Simulated Identity Center" }).first().click();
    await expect(page.getByText("No assignments", { exact: true })).toBeVisible();
  });
}

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
  await expect(ours).toHaveCount(0);
  await expect(page.getByText("DeleteAccountAssignment").first()).toBeVisible();
});
