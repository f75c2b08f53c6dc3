import {
  ALICE,
  BOB,
  expect,
  expectVerdict,
  review,
  SEARCH_PROD,
  send,
  SHOP_PROD,
  test,
  WHY,
} from "./people.js";

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
  await expect(page.getByRole("combobox", { name: "Search by name, id or unit" })).toBeFocused();
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
  await expectArrival(page, /sandbox-green/);
});

test("the first stop leads past the bars and the menu", async ({ as }) => {
  const page = await as(ALICE, "/requests");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expectArrival(page, "My requests");
});

/** One is at the heading of what follows, which is read out. */
async function expectArrival(page, name) {
  const heading = page.getByRole("heading", { name });
  await expect(heading).toBeVisible();
  await expect.poll(() => heading.evaluate((element) => element.contains(document.activeElement))).toBe(true);
}

/** Somebody who sees but uses no mouse must see where they are: with the focus it looks different. */
async function expectFocusSeen(page) {
  const [what, focused, blurred] = await page.evaluate(() => {
    const element = document.activeElement;
    const rings = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
    const look = () =>
      rings.flatMap((one) =>
        [null, "::before", "::after"].map((part) => {
          const { content, outline, boxShadow, borderColor } = getComputedStyle(one, part);
          return `${part} ${content} ${outline} ${boxShadow} ${borderColor}`;
        }),
      );
    const focused = look();
    element.blur();
    const blurred = look();
    element.focus();
    return [element.outerHTML.slice(0, 200), focused, blurred];
  });
  expect(focused, what).not.toEqual(blurred);
}

test("a whole journey goes without a mouse: asked, approved, denied, and one always is somewhere", async ({
  as,
}) => {
  const alice = await as(
    ALICE,
    `/request?account=${SHOP_PROD},${SEARCH_PROD}&permission_set=PowerUserAccess`,
  );
  await expectVerdict(alice);
  await tabTo(alice, alice.getByRole("textbox", { name: "Why do you need it?" }));
  await alice.keyboard.type(WHY);
  await tabTo(alice, alice.getByRole("button", { name: "Request access to 2 accounts" }));
  await expectFocusSeen(alice);
  await alice.keyboard.press("Enter");
  await expectArrival(alice, "2 of 2 requests were sent");

  const bob = await as(BOB, "/request");
  await tabTo(bob, bob.getByRole("link", { name: "To review" }));
  await expectFocusSeen(bob);
  await bob.keyboard.press("Enter");
  await expectArrival(bob, "To review");
  await tabTo(bob, bob.getByRole("button", { name: /Approve .*shop-prod/ }));
  await expectFocusSeen(bob);
  await bob.keyboard.press("Enter");
  await expect(bob.getByRole("article")).toHaveCount(1);
  await expectArrival(bob, "To review");
  await tabTo(bob, bob.getByRole("button", { name: /Deny .*search-prod/ }));
  await bob.keyboard.press("Enter");
  const dialog = bob.getByRole("dialog");
  await tabTo(bob, dialog.getByRole("textbox", { name: "Comment" }));
  await bob.keyboard.type("Please use staging first");
  await tabTo(bob, dialog.getByRole("button", { name: "Deny" }));
  await bob.keyboard.press("Enter");
  await expect(bob.getByText("Nothing waits for you")).toBeVisible();
  await expectArrival(bob, "To review");
});

test("every stop in the form and in the theatre can be seen", async ({ as }) => {
  const page = await as(ALICE, "/request");
  await expect(page.getByRole("checkbox", { name: "shop-prod" })).toBeVisible();
  await page.getByRole("button", { name: "Fault theatre" }).click();
  await expect(page.getByText("Kari is running")).toBeVisible();
  await page.evaluate(() => document.activeElement.blur());
  let stops = 0;
  for (; stops < 80; stops += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) break;
    await expectFocusSeen(page);
  }
  expect(stops).toBeGreaterThan(25);
});

test("changes are told to those who listen", async ({ as }) => {
  const page = await as(ALICE, `/request?account=${SHOP_PROD}&permission_set=PowerUserAccess`);
  await expect(page.getByRole("status").filter({ hasText: "Needs approval" })).toBeVisible();
  await page.getByRole("textbox", { name: "Why do you need it?" }).fill(WHY);
  await send(page);
  const state = page.getByRole("main").getByRole("status");
  await expect(state.filter({ hasText: "Waiting for approval" })).toBeVisible();
  const bob = await review(as, BOB);
  await bob
    .getByRole("article")
    .getByRole("button", { name: /Approve/ })
    .click();
  // Not the news of it, which says more.
  await expect(state.filter({ hasText: /^Active$/ })).toBeVisible();
});

test("what is missing is said, and focused", async ({ as }) => {
  const page = await as(ALICE, "/request?account=210000000051&permission_set=PowerUserAccess");
  await expect(page.getByRole("radio", { name: /PowerUserAccess/ })).toBeChecked();
  await send(page);
  await expect(page.getByText("Say why you need access.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Why do you need it?" })).toBeFocused();
});
