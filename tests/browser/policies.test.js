import { EMMA, expect, HANAKO, press, test } from "./people.js";

/** Chooses in a list that is searched: opens it, types, takes what is found, which is nothing else then. */
async function choose(page, within, label, typed, option) {
  await within.getByRole("button", { name: label }).click();
  await page.getByRole("combobox", { name: "Search by name or id" }).fill(typed);
  const found = page.getByRole("option").last();
  await expect(found).toContainText(option);
  await found.click();
  await page.keyboard.press("Escape");
}

test("a policy is written in the form, tried out and saved", async ({ as }) => {
  const page = await as(HANAKO, "/policies");
  await press(page.getByRole("link", { name: "New eligibility policy" }));
  await expect(page.getByRole("heading", { level: 1, name: "New eligibility policy" })).toBeVisible();
  const form = page.getByRole("main");
  await form.getByRole("textbox", { name: "Name" }).fill("本番の修復");
  await expect(form.getByRole("textbox", { name: "Id" })).toHaveValue("");
  await expect(form.getByText("Choose an id, for instance developers-production.")).toBeVisible();
  await form.getByRole("textbox", { name: "Name" }).fill("Security repairs the shop");
  await expect(form.getByRole("textbox", { name: "Id" })).toHaveValue("security-repairs-the-shop");
  await choose(page, form, /^Who/, "secur", /security/);
  await choose(page, form, /^What/, "power", /PowerUserAccess/);
  await choose(page, form, /^Where/, "shop-prod", /shop-prod/);
  await form.getByRole("radio", { name: "2 h", exact: true }).check();

  const aside = page.getByRole("complementary", { name: "Try it" });
  await choose(page, aside, /Permission set/, "power", /PowerUserAccess/);
  await choose(page, aside, /Account/, "shop-prod", /shop-prod/);
  await aside.getByRole("button", { name: "Try this change" }).click();
  const gains = aside.getByRole("list", { name: "2 people gain access" });
  await expect(gains).toContainText("伊藤 拓海");
  await expect(gains).toContainText("Sofia Rossi");
  await expect(gains).toContainText("up to 2 h with approval");
  await expect(aside).toContainText("Who approves: as before");
  await expect(aside).toContainText("Bob Fischer");

  await form.getByRole("checkbox", { name: "Needs approval" }).click();
  await expect(aside).toContainText("try again");
  await aside.getByRole("button", { name: "Try this change" }).click();
  await expect(gains).toContainText("up to 2 h without approval");

  await press(form.getByRole("button", { name: "Save" }));
  await expect(page.getByText("The policy was saved.")).toBeVisible();
  await expect(page.getByRole("row", { name: /Security repairs the shop/ })).toContainText(
    "no approval needed",
  );
});

test("a change of an existing policy shows who loses what, and JSON says the same as the form", async ({
  as,
}) => {
  const page = await as(HANAKO, "/policies?kind=guardrails");
  await press(page.getByRole("link", { name: "Making IAM users always takes two people" }));
  const form = page.getByRole("main");
  await form.getByRole("radio", { name: /Forbidden/ }).check();
  const aside = page.getByRole("complementary", { name: "Try it" });
  await choose(page, aside, /Account/, "shop-prod", /shop-prod/);
  await aside.getByRole("button", { name: "Try this change" }).click();
  const loses = aside.getByRole("list", { name: "2 people lose access" });
  await expect(loses).toContainText("Liam O'Connor");
  await expect(loses).toContainText("forbids it");

  await page.getByRole("tab", { name: "JSON" }).click();
  const json = page.getByRole("textbox", { name: "The policy as JSON" });
  await expect(json).toHaveValue(/"effect": "forbid"/);
  await json.fill("{ this is no JSON");
  await page.getByRole("tab", { name: "Form" }).click();
  await expect(page.getByText("This is not well-formed JSON.").first()).toBeVisible();
  await json.fill(
    JSON.stringify({
      id: "iam-users-need-two-people",
      name: "IAM users for an hour",
      enabled: true,
      effect: { cap: { minutes: 60 } },
    }),
  );
  await page.getByRole("tab", { name: "Form" }).click();
  await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue("IAM users for an hour");
  await expect(form.getByRole("radio", { name: "1 h", exact: true })).toBeChecked();
  await press(form.getByRole("button", { name: "Save" }));
  await expect(page.getByRole("row", { name: /IAM users for an hour/ })).toContainText("At most 1 h");
});

test("what the server says against a policy stands beside the field", async ({ as }) => {
  const page = await as(HANAKO, "/policies/new/approvers");
  const form = page.getByRole("main");
  await form.getByRole("textbox", { name: "Name" }).fill("Nobody yet");
  await form.getByRole("spinbutton", { name: "How many must approve" }).fill("0");
  await press(form.getByRole("button", { name: "Save" }));
  const field = form.getByRole("group", { name: /Approvals needed/ });
  await expect(field.getByText(/must be between 1 and 10/)).toBeVisible();
  await expect(form.getByRole("group", { name: /^Where/ }).getByText(/name at least one/)).toBeVisible();
});

test("somebody else's change is not overwritten", async ({ as }) => {
  const path = "/policies/eligibility/developers-sandbox";
  const hanako = await as(HANAKO, path);
  await expect(hanako.getByRole("textbox", { name: "Name" })).toBeVisible();
  const liam = await as("Liam O'Connor", path);
  await liam.getByRole("textbox", { name: "Name" }).fill("Liam was here");
  await press(liam.getByRole("button", { name: "Save" }));
  await expect(liam.getByText("The policy was saved.")).toBeVisible();

  await hanako.getByRole("textbox", { name: "Name" }).fill("Hanako was here");
  await press(hanako.getByRole("button", { name: "Save" }));
  await expect(hanako.getByText("Somebody else changed this in the meantime")).toBeVisible();
  await expect(hanako.getByText(/^Liam O'Connor changed this at .*\d+:\d\d\. Copy/)).toBeVisible();
  await expect(hanako.getByRole("link", { name: /^Show the new version/ })).toBeVisible();
  await expect(hanako.getByRole("button", { name: "Save" })).toBeDisabled();
  await press(hanako.getByRole("button", { name: /open the new version/ }));
  await expect(hanako.getByRole("textbox", { name: "Name" })).toHaveValue("Liam was here");
});

test("everything that is empty is marked at once, and no longer once it is filled", async ({ as }) => {
  const page = await as(HANAKO, "/policies/new/eligibility");
  const form = page.getByRole("main");
  await press(form.getByRole("button", { name: "Save" }));
  const name = form.getByText("“Name” needs 1 to 100 characters.");
  await expect(name).toBeVisible();
  for (const group of [/^Who/, /^What/, /^Where/])
    await expect(form.getByRole("group", { name: group }).getByText(/name at least one/)).toBeVisible();
  await form.getByRole("textbox", { name: "Name" }).fill("On call");
  await expect(name).toHaveCount(0);
});

test("what was changed and not saved is not left without a question", async ({ as }) => {
  const page = await as(HANAKO, "/policies/eligibility/developers-sandbox");
  await page.getByRole("textbox", { name: "Name" }).fill("Something else");
  await page.getByRole("link", { name: "Settings" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Something else");
  await page.getByRole("link", { name: "Settings" }).click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("settings that somebody else saved meanwhile take nothing away, and are opened anew on demand", async ({
  as,
}) => {
  const page = await as(HANAKO, "/settings");
  const other = await as(HANAKO, "/settings");
  const warning = (of) => of.getByRole("spinbutton", { name: /warn/i });
  await warning(page).fill("17");
  await warning(other).fill("18");
  await press(other.getByRole("button", { name: "Save" }));
  await expect(other.getByText("The settings were saved.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Somebody else changed this in the meantime")).toBeVisible();
  await warning(page).press("Enter");
  await expect(warning(page)).toHaveValue("17");
  await page.getByRole("button", { name: "Discard my changes and open the new version" }).click();
  await expect(warning(page)).toHaveValue("18");
});

test("an auditor reads policies and changes nothing", async ({ as }) => {
  const page = await as(EMMA, "/policies");
  await expect(page.getByRole("link", { name: "On call: repair production" })).toBeVisible();
  await expect(page.getByRole("link", { name: "New eligibility policy" })).toHaveCount(0);
  await press(page.getByRole("link", { name: "On call: repair production" }));
  await expect(page.getByText("up to 4 h · needs approval · ticket")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
});

test("what is wrong with a policy stands above all policies and on its own page", async ({ as }) => {
  const page = await as(HANAKO, "/policies/eligibility/developers-sandbox");
  const findings = page.getByRole("list", { name: "What needs attention" });
  await page.getByRole("checkbox", { name: "Enabled" }).click();
  await expect(findings).toHaveCount(0);
  await press(page.getByRole("button", { name: "Save" }));
  await expect(page.getByText("The policy was saved.")).toBeVisible();
  await expect(page.getByText(/People, groups and accounts are as of/)).toBeVisible();
  await expect(findings).toContainText("It is disabled and has no effect.");
  await press(findings.getByRole("link"));
  await expect(page.getByRole("textbox", { name: "Name" })).toBeVisible();
  await expect(findings).toContainText("It is disabled and has no effect.");
});
