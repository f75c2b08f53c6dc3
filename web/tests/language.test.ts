import { expect, it } from "vitest";

import { chooseLanguage } from "../src/i18n/languages";

it("the language follows the choice, then the browser, then is English", () => {
  expect(chooseLanguage("en", ["ja-JP"])).toBe("en");
  expect(chooseLanguage(null, ["ja-JP", "en"])).toBe("ja");
  expect(chooseLanguage(null, ["fr", "ja"])).toBe("ja");
  expect(chooseLanguage(null, ["fr"])).toBe("en");
  expect(chooseLanguage("tlh", [])).toBe("en");
});
