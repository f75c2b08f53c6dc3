// Counts what a person does with a page, by what the browser itself reports: a press, and each
// field that is typed into. Nothing that a test does with the page goes past it.

/** Answers a function that tells how many interactions there were since. */
export async function countInteractions(page) {
  await page.evaluate(() => {
    let count = 0;
    let typedInto = null;
    addEventListener(
      "pointerdown",
      () => {
        count += 1;
        typedInto = null;
      },
      true,
    );
    addEventListener("keydown", ({ key }) => key.length > 1 && (count += 1), true);
    addEventListener(
      "input",
      ({ target }) => {
        if (target === typedInto || !target.matches("textarea, input:not([type=radio], [type=checkbox])"))
          return;
        count += 1;
        typedInto = target;
      },
      true,
    );
    window.interactions = () => count;
  });
  return () => page.evaluate(() => window.interactions());
}
