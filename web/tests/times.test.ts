import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { IntlProvider } from "react-intl";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";
import { useTimes } from "../src/time/useTimes";

const catalogues = { en, ja };

/** An instant as a reader of the language sees it. */
function shown(locale: "en" | "ja", as: "moment" | "day", instant: string): string {
  const Shown = () => useTimes()[as](instant);
  const messages = catalogues[locale];
  return renderToStaticMarkup(createElement(IntlProvider, { locale, messages }, createElement(Shown)));
}

describe("an instant", () => {
  beforeEach(() => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    vi.useFakeTimers({ now: Date.parse("2026-11-22T04:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it("of today is a time, and of another day has the day", () => {
    expect(shown("en", "moment", "2026-11-22T05:32:00Z")).toBe("14:32");
    expect(shown("en", "moment", "2026-11-23T05:32:00Z")).toBe("Mon, Nov 23, 14:32");
  });

  it("of another year has the year", () => {
    expect(shown("en", "moment", "2025-11-22T05:32:00Z")).toBe("Sat, Nov 22, 2025, 14:32");
    expect(shown("en", "day", "2027-01-05T05:32:00Z")).toBe("Tue, Jan 5, 2027");
    expect(shown("ja", "day", "2025-11-22T05:32:00Z")).toContain("2025年11月22日");
  });

  it("is of the year that it has where it is read", () => {
    expect(shown("en", "day", "2026-12-31T14:59:00Z")).toBe("Thu, Dec 31");
    expect(shown("en", "day", "2026-12-31T15:00:00Z")).toBe("Fri, Jan 1, 2027");
  });
});
