import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { IntlProvider } from "react-intl";
import { describe, expect, it } from "vitest";

import { useJoin, useSentences } from "../src/i18n/useJoin";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";

const catalogues = { en, ja };

function Said({ sentences }: { sentences: string[] }) {
  return useSentences()(sentences);
}

/** The sentences as a reader of the language sees them. */
function said(locale: "en" | "ja", sentences: string[]): string {
  const messages = catalogues[locale];
  return renderToStaticMarkup(
    createElement(IntlProvider, { locale, messages }, createElement(Said, { sentences })),
  );
}

function Listed({ more }: { more: number }) {
  return [useJoin()(["A", "B"], more), useJoin("list.moreThings")(["A", "B"], more)].join(" | ");
}

/** People and things of which so many are not named, as a reader of the language sees them. */
function listed(locale: "en" | "ja", more: number): string {
  const messages = catalogues[locale];
  return renderToStaticMarkup(
    createElement(IntlProvider, { locale, messages }, createElement(Listed, { more })),
  );
}

describe("names one after the other", () => {
  it("say how many more there are, in Japanese by what they are", () => {
    expect(listed("en", 3)).toBe("A, B and 3 more | A, B and 3 more");
    expect(listed("ja", 3)).toBe("A、B ほか3名 | A、B ほか3件");
  });

  it("say nothing more where that is all, whatever room there was", () => {
    expect(listed("en", 0)).toBe("A, B | A, B");
    expect(listed("ja", -Infinity)).toBe("A、B | A、B");
  });
});

describe("sentences one after the other", () => {
  it("have a space between them in English", () => {
    expect(said("en", ["It is late.", "Try again."])).toBe("It is late. Try again.");
  });

  it("have none in Japanese, but after one that is not Japanese", () => {
    expect(said("ja", ["期限切れです。", "再試行してください。"])).toBe("期限切れです。再試行してください。");
    expect(said("ja", ["期限切れです。", "It is late.", "Try again.", "再試行してください。"])).toBe(
      "期限切れです。It is late. Try again. 再試行してください。",
    );
  });

  it("are nothing where there are none", () => {
    expect(said("ja", [])).toBe("");
  });
});
