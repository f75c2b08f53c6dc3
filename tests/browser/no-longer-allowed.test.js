import { ALICE, ask, EMMA, expect, HANAKO, press, SANDBOX_BLUE, test } from "./people.js";

test("who sees all is told which access the policies would not allow any more, its holder is not", async ({
  as,
  kari,
}) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, { account: SANDBOX_BLUE, permissionSet: "PowerUserAccess" });
  await expect(alice.getByText("Identity Center lists the assignment: access is active.")).toBeVisible();

  const hanako = await as(HANAKO, "/policies");
  await press(hanako.getByRole("link", { name: "Developers build in the sandboxes" }));
  await hanako.getByRole("main").getByRole("checkbox", { name: "Enabled" }).click();
  await press(hanako.getByRole("button", { name: "Save" }));
  await expect(hanako.getByText("The policy was saved.")).toBeVisible();

  const emma = await as(EMMA, "/active");
  const card = emma.getByRole("article", { name: /PowerUserAccess.*Alice Martin/ });
  await expect(card).toContainText("No longer allowed");
  await expect(card).toContainText("No policy lets them ask.");
  await press(card.getByRole("link", { name: "PowerUserAccess" }));
  await expect(emma.getByText("The policies would no longer allow this")).toBeVisible();
  await expect(emma.getByText("It goes on until its end unless somebody ends it.")).toBeVisible();

  await alice.goto(`${kari.origin}/active`);
  await expect(alice.getByRole("article", { name: /PowerUserAccess/ })).toContainText("Active");
  await expect(alice.getByText("No longer allowed")).toHaveCount(0);
});
