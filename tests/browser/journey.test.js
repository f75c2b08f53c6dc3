import { countInteractions } from "./interactions.js";
import {
  ALICE,
  ask,
  BOB,
  EMMA,
  expect,
  expectVerdict,
  KENJI,
  MISAKI,
  skipUntil,
  PHONE,
  press,
  review,
  SANDBOX_BLUE,
  SEARCH_PROD,
  send,
  SHOP_PROD,
  test,
  WHY,
} from "./people.js";

test("three people and an auditor: asked, approved on a phone, used, gone", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, {
    account: SHOP_PROD,
    permissionSet: "PowerUserAccess",
  });
  await expect(alice.getByText("Waiting for approval").first()).toBeVisible();

  const bob = await review(as, BOB, { viewport: PHONE, hasTouch: true });
  const card = bob.getByRole("article", {
    name: /Alice Martin.*PowerUserAccess.*shop-prod/,
  });
  await expect(card).toContainText("1 h");
  await expect(card).toContainText(WHY);
  await expect(card).toContainText("Open sessions");
  await card.getByRole("button", { name: /Approve/ }).tap();
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();

  await expect(alice.getByText("Identity Center lists the assignment: access is active.")).toBeVisible();
  const console = alice.getByRole("link", { name: /Open console/ });
  await expect(console).toHaveAttribute(
    "href",
    /start\/#\/console\?account_id=210000000031&role_name=PowerUserAccess/,
  );
  await expect(alice.getByRole("timer")).toHaveText(/^(1:00:00|5\d:\d\d)$/);

  await alice.getByRole("button", { name: "Skip 1 h" }).click();
  await expect(alice.getByText("Ending", { exact: true })).toBeVisible();
  await skipUntil(alice, alice.getByText("Access ended at its agreed time."));
  await expect(console).toHaveCount(0);

  const emma = await as(EMMA, "/audit");
  for (const kind of [
    "Access requested",
    "Reviewed: approved",
    "Approved",
    "Activation started",
    "Access active",
    "End started",
    "Request closed: expired",
  ]) {
    await expect(emma.getByRole("cell", { name: kind, exact: true }).first()).toBeVisible();
  }
  await emma.goto(`${kari.origin}/everybody`);
  await expect(emma.getByRole("listitem").filter({ hasText: "Alice Martin" })).toContainText("Expired");
});

/** The whole form, as somebody fills it who has never used it: where, what, why, and off. */
async function fillAndSend(page, account, permissionSet, outcome) {
  const interactions = await countInteractions(page);
  await page.getByRole("checkbox", { name: account }).check();
  await page.getByRole("radio", { name: new RegExp(permissionSet) }).check();
  await expect(page.getByText(outcome, { exact: true })).toBeVisible();
  await page.getByRole("textbox", { name: "Why do you need it?" }).fill(WHY);
  await send(page);
  await expect(page.getByRole("heading", { level: 1, name: new RegExp(account) })).toBeVisible();
  return interactions;
}

test("what needs no approval is asked for by four interactions, and its console is one more", async ({
  as,
}) => {
  const alice = await as(ALICE, "/request");
  await alice.context().route("https://d-hinode.awsapps.com/**", (route) => route.fulfill({ body: "AWS" }));
  const asking = await fillAndSend(alice, "sandbox-blue", "PowerUserAccess", "No approval needed");
  expect(await asking()).toBe(4);
  const entering = await countInteractions(alice);
  const console = alice.waitForEvent("popup");
  await press(alice.getByRole("link", { name: /Open console/ }));
  expect((await console).url()).toContain("role_name=PowerUserAccess");
  expect(await entering()).toBe(1);
});

test("what needs approval is asked for by four interactions, and approved by one", async ({ as }) => {
  const alice = await as(ALICE, "/request");
  const asking = await fillAndSend(alice, "shop-prod", "PowerUserAccess", "Needs approval");
  expect(await asking()).toBe(4);
  const bob = await review(as, BOB, { viewport: PHONE, hasTouch: true });
  const approving = await countInteractions(bob);
  await bob
    .getByRole("article")
    .getByRole("button", { name: /Approve/ })
    .tap();
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
  expect(await approving()).toBe(1);
});

test("an approver can say something with it, which stands in the timeline", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, { account: SHOP_PROD, permissionSet: "PowerUserAccess" });
  const bob = await review(as, BOB);
  await bob.getByRole("article").getByRole("button", { name: "More ways to approve" }).click();
  await bob.getByRole("menuitem", { name: "Approve with a comment" }).click();
  const dialog = bob.getByRole("dialog", { name: "Approve PowerUserAccess on shop-prod for Alice Martin?" });
  await dialog.getByRole("textbox", { name: "Comment" }).fill("Seen the incident, go ahead");
  await dialog.getByRole("button", { name: "Approve" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
  await expect(alice.getByRole("listitem").filter({ hasText: "Bob Fischer approved" })).toContainText(
    "Seen the incident, go ahead",
  );
});

test("an approver sees from when and until when, and no start once it has passed", async ({ as, kari }) => {
  const alice = await as(ALICE);
  const what = { account: SHOP_PROD, permissionSet: "PowerUserAccess", duration: 120 };
  await ask(alice, kari.origin, { ...what, later: true });
  const bob = await review(as, BOB);
  const grant = bob.getByRole("article");
  await expect(grant).toContainText(/2 h from .*\d+:\d\d until .*\d+:\d\d/);
  await expect(grant).toContainText(/may last until .*\d+:\d\d/);
  await bob.getByRole("button", { name: "Skip 1 h" }).click();
  await bob.getByRole("button", { name: "Skip 15 min" }).click();
  await expect(grant).toContainText(/2 h until .*\d+:\d\d .*, if approved now/);
  await expect(grant).not.toContainText("from");
  await expect(grant).toContainText(/may last until .*\d+:\d\d/);
});

test("access can be ended early, and asked for again by one press", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, {
    account: SANDBOX_BLUE,
    permissionSet: "PowerUserAccess",
    duration: 120,
  });
  await expect(alice.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
  await alice.getByRole("link", { name: "Active access" }).click();
  const card = alice.getByRole("article", {
    name: /PowerUserAccess.*sandbox-blue/,
  });
  await press(card.getByRole("button", { name: /End now/ }));
  await alice.getByRole("dialog").getByRole("button", { name: "End now" }).click();
  await expect(card.getByText("Ending", { exact: true })).toBeVisible();
  await skipUntil(alice, alice.getByText("No access right now"));
  await alice.getByRole("link", { name: "My requests" }).click();
  await press(alice.getByRole("link", { name: /Ask again/ }));
  await expect(alice.getByRole("radio", { name: /PowerUserAccess/ })).toBeChecked();
  await expect(alice.getByRole("radio", { name: "2 h" })).toBeChecked();
  await expect(alice.getByRole("textbox", { name: "Why do you need it?" })).toHaveValue(WHY);
});

test("somebody denies with a reason, and the requester reads it", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, {
    account: SHOP_PROD,
    permissionSet: "PowerUserAccess",
  });
  const bob = await review(as, BOB);
  await bob.getByRole("article").getByRole("button", { name: /Deny/ }).click();
  const dialog = bob.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Comment" }).fill("Please use staging first");
  await dialog.getByRole("button", { name: "Deny" }).click();
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
  await expect(alice.getByText("Please use staging first").first()).toBeVisible();
});

test("what would be refused is said before it can be sent", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, { account: SHOP_PROD, permissionSet: "PowerUserAccess" });
  await alice.goto(`${kari.origin}/request?account=${SHOP_PROD}&permission_set=PowerUserAccess`);
  const send = alice.getByRole("button", { name: "Request access" });
  await expect(
    alice.getByRole("listitem").filter({ hasText: "You asked for the same already." }),
  ).toBeVisible();
  await expect(send).toBeDisabled();

  await alice.goto(`${kari.origin}/request?account=${SANDBOX_BLUE}&permission_set=PowerUserAccess`);
  await expect(alice.getByText("No approval needed", { exact: true })).toBeVisible();
  await expectVerdict(alice);
  await expect(send).toBeEnabled();
  await alice.getByRole("radio", { name: "Later" }).check();
  await alice.getByRole("textbox", { name: /Start date/ }).fill("2020/02/29");
  await expect(alice.getByText("The start lies in the past")).toBeVisible();
  await expect(
    alice.locator(".request-form > :first-child").getByText("Choose a later time, or start now."),
  ).toBeVisible();
  await expect(send).toBeDisabled();
});

/** Asks for the same on two accounts in one go. */
async function askForTwo(page, origin) {
  await page.goto(`${origin}/request?account=${SHOP_PROD},${SEARCH_PROD}&permission_set=PowerUserAccess`);
  await page.getByRole("textbox", { name: "Why do you need it?" }).fill(WHY);
  await send(page, "Request access to 2 accounts");
  await expect(page.getByRole("heading", { name: "2 of 2 requests were sent" })).toBeVisible();
}

test("several accounts in one go are approved in one go", async ({ as, kari }) => {
  await askForTwo(await as(ALICE), kari.origin);
  const bob = await review(as, BOB, { requests: 2 });
  await bob.getByRole("checkbox", { name: "Select all" }).check();
  await bob.getByRole("button", { name: "Approve 2" }).click();
  await expect(bob.getByText("2 requests approved.")).toBeVisible();
});

test("a denial that cannot be sent stays with its words, and is sent again", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, { account: SHOP_PROD, permissionSet: "PowerUserAccess" });
  const bob = await review(as, BOB);
  await bob.route("**/deny", (route) => route.abort(), { times: 1 });
  await bob.getByRole("article").getByRole("button", { name: /Deny/ }).click();
  const dialog = bob.getByRole("dialog");
  const comment = dialog.getByRole("textbox", { name: "Comment" });
  await comment.fill("Please use staging first");
  await dialog.getByRole("button", { name: "Deny" }).click();
  await expect(dialog.getByRole("alert")).toContainText("shop-prod: Kari cannot be reached");
  await expect(comment).toHaveValue("Please use staging first");
  await dialog.getByRole("button", { name: "Deny" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
  await expect(alice.getByText("Please use staging first").first()).toBeVisible();
});

test("of several denials the one that cannot be sent is named, and only that one is left", async ({
  as,
  kari,
}) => {
  await askForTwo(await as(ALICE), kari.origin);
  const bob = await review(as, BOB, { requests: 2 });
  await bob.route("**/deny", (route) => route.abort(), { times: 1 });
  await bob.getByRole("checkbox", { name: "Select all" }).check();
  await bob.getByRole("button", { name: "Deny 2" }).click();
  await expect(bob.getByRole("dialog", { name: "Deny 2 requests?" })).toBeVisible();
  const dialog = bob.getByRole("dialog");
  const asked = dialog.getByRole("list", { name: "Requests" }).getByRole("listitem");
  await expect(asked.filter({ hasText: "PowerUserAccess on shop-prod" })).toHaveCount(1);
  await expect(asked.filter({ hasText: "PowerUserAccess on search-prod" })).toHaveCount(1);
  const comment = dialog.getByRole("textbox", { name: "Comment" });
  await comment.fill("Please use staging first");
  await dialog.getByRole("button", { name: "Deny 2" }).click();
  await expect(dialog.getByRole("alert")).toHaveText(/(shop|search)-prod: Kari cannot be reached/);
  await expect(bob.getByRole("article")).toHaveCount(1);
  await expect(comment).toHaveValue("Please use staging first");
  await dialog.getByRole("button", { name: "Deny 1" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
});

test("an approval that is not the last one says what is missing, and leaves the queue", async ({
  as,
  kari,
}) => {
  const kenji = await as(KENJI);
  const what = { account: SHOP_PROD, permissionSet: "AdministratorAccess", ticket: "INC-4711" };
  await ask(kenji, kari.origin, what);
  await expect(kenji.getByText("Waiting for approval").first()).toBeVisible();

  const bob = await review(as, BOB);
  await bob
    .getByRole("article")
    .getByRole("button", { name: /Approve/ })
    .click();
  await expect(bob.getByText(/Your approval counts.*Still missing: .*Liam O'Connor/)).toBeVisible();
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
  await expect(bob.getByRole("heading", { name: /You approved, waiting for others/ })).toBeVisible();
  const card = bob.getByRole("article");
  await expect(card.getByRole("button", { name: /Approve/ })).toHaveCount(0);
  await expect(card.getByRole("button", { name: /Deny/ })).toBeVisible();
  await expect(bob).toHaveTitle("To review · Kari");

  const misaki = await as(MISAKI, "/review");
  await expect(misaki.getByText("Nothing waits for you")).toBeVisible();
  await expect(misaki.getByRole("article")).toContainText("Enough people have approved where you could.");
});

test("a ticket is asked for only for as long as the policy that decides asks for one", async ({
  as,
  kari,
}) => {
  const kenji = await as(KENJI);
  const form = `${kari.origin}/request?account=${SHOP_PROD}&permission_set=PowerUserAccess`;
  await kenji.goto(`${form}&duration=240`);
  await expect(kenji.getByRole("textbox", { name: "Ticket", exact: true })).toBeVisible();
  await kenji.goto(`${form}&duration=60`);
  await expect(kenji.getByRole("textbox", { name: "Ticket - optional" })).toBeVisible();
  await kenji.getByRole("textbox", { name: "Why do you need it?" }).fill(WHY);
  await send(kenji);
  await expect(kenji.getByText("Waiting for approval").first()).toBeVisible();
});

test("ending one of two grants says before and after that the access stays", async ({ as, kari }) => {
  const alice = await as(ALICE);
  const what = { account: SANDBOX_BLUE, permissionSet: "PowerUserAccess" };
  await ask(alice, kari.origin, what);
  await expect(alice.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
  await ask(alice, kari.origin, what);
  await expect(alice.getByRole("link", { name: /Open console/ }).first()).toBeVisible();
  await press(alice.getByRole("button", { name: "End now" }));
  const dialog = alice.getByRole("dialog");
  await expect(dialog).toContainText(/Another grant keeps this access until .*\d+:\d\d/);
  await expect(dialog.getByRole("checkbox", { name: "End all grants of this access" })).not.toBeChecked();
  await dialog.getByRole("button", { name: "End now" }).click();
  await expect(alice.getByText(/Another grant keeps the access until/)).toBeVisible();
  const stays = alice.getByText("The access stays: another grant of the same access goes on.");
  await expect(stays.first()).toBeVisible();
  await expect(alice.getByText(/Ended early at .*\d+:\d\d; was to end .*\d+:\d\d/)).toBeVisible();
});

test("a link to what is not offered says what was asked for, and why it is not there", async ({
  as,
  kari,
}) => {
  const alice = await as(ALICE, "/request?account=999999999999&permission_set=PowerUserAccess");
  await expect(alice.getByText("Account 999999999999: There is no such account")).toBeVisible();
  const wrong = "account=sandbox-blue,999999999999,no-such&permission_set=NoSuch&duration=9h";
  await alice.goto(`${kari.origin}/request?${wrong}`);
  await expect(alice.getByText("Account 999999999999: There is no such account")).toBeVisible();
  await expect(alice.getByText(/^Account no-such: It does not exist, is not active/)).toBeVisible();
  await expect(alice.getByText(/^Permission set NoSuch: It does not exist/)).toBeVisible();
  await expect(alice.getByText("Between 15 min and 8 h.", { exact: true }).first()).toBeVisible();
  await expect(alice.getByRole("button", { name: "Request access to 1 of 3 accounts" })).toBeDisabled();
});

test("a duration of nothing is said beside its field", async ({ as }) => {
  const alice = await as(ALICE, `/request?account=${SANDBOX_BLUE}&permission_set=PowerUserAccess`);
  await expectVerdict(alice);
  await alice.getByRole("radio", { name: "Other" }).check();
  await alice.getByRole("spinbutton", { name: "Duration in minutes" }).fill("");
  await expect(alice.getByText("Between 15 min and 8 h.").first()).toBeVisible();
  await expect(alice.getByRole("button", { name: "Request access" })).toBeDisabled();
  await expect(alice.getByText(/^Choose an account/)).toHaveCount(0);
});

test("what somebody may not see is only not found", async ({ as, kari }) => {
  const alice = await as(ALICE);
  for (const path of ["/audit", "/everybody", "/policies"]) {
    await alice.goto(kari.origin + path);
    await expect(alice.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  }
});

test("a request of somebody else is not there", async ({ as, kari }) => {
  const alice = await as(ALICE);
  await ask(alice, kari.origin, {
    account: SHOP_PROD,
    permissionSet: "PowerUserAccess",
  });
  const path = new URL(alice.url()).pathname;
  const kenji = await as(KENJI, path);
  await expect(kenji.getByText("Not found").first()).toBeVisible();
  await press(kenji.locator("#content").getByRole("link", { name: "My requests" }));
  await expect(kenji.getByRole("heading", { level: 1, name: "My requests" })).toBeVisible();
});
