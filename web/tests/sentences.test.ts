import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { IntlProvider } from "react-intl";
import { describe, expect, it } from "vitest";

import { useSentences } from "../src/i18n/useJoin";
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
