import { createIntl } from "react-intl";
import { describe, expect, it } from "vitest";

import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";
import { daysAndRest, elapsedShare, formatCountdown, minutesOf, partsOfMinutes } from "../src/time/duration";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const catalogues = { en, ja };

/** A countdown as a reader of the language sees it. */
function countdown(locale: "en" | "ja", left: number): string {
  const intl = createIntl({ locale, messages: catalogues[locale] });
  return formatCountdown(left, (days, rest) =>
    intl.formatMessage({ id: "time.countdownDays" }, { days, rest }),
  );
}

describe("a countdown", () => {
  it.each([
    [0, "0:00"],
    [-5 * SECOND, "0:00"],
    [1, "0:01"],
    [59 * SECOND, "0:59"],
    [MINUTE, "1:00"],
    [9 * MINUTE + 5 * SECOND, "9:05"],
    [HOUR, "1:00:00"],
    [HOUR + 9 * MINUTE + 5 * SECOND, "1:09:05"],
    [24 * HOUR - SECOND, "23:59:59"],
    [24 * HOUR, "1d 0:00:00"],
    [49 * HOUR + MINUTE, "2d 1:01:00"],
  ])("of %i ms reads %s", (left, shown) => {
    expect(countdown("en", left)).toBe(shown);
  });

  it("has whole days in the reader's language", () => {
    expect(countdown("ja", 49 * HOUR + MINUTE)).toBe("2日 1:01:00");
    expect(countdown("ja", HOUR)).toBe("1:00:00");
  });
});

describe("a window", () => {
  it("runs from nothing to everything and never beyond", () => {
    expect(elapsedShare(0, 100, -10)).toBe(0);
    expect(elapsedShare(0, 100, 25)).toBe(0.25);
    expect(elapsedShare(0, 100, 250)).toBe(1);
  });

  it("without length is over", () => {
    expect(elapsedShare(100, 100, 100)).toBe(1);
  });
});

it("minutes are split into hours and minutes", () => {
  expect(partsOfMinutes(90)).toEqual({ days: 0, hours: 1, minutes: 30 });
  expect(partsOfMinutes(1440)).toEqual({ days: 1, hours: 24, minutes: 0 });
  expect(partsOfMinutes(10_080)).toEqual({ days: 7, hours: 168, minutes: 0 });
});

it("minutes are split into days and the rest", () => {
  expect(daysAndRest(1575)).toEqual({ days: 1, rest: 135 });
  expect(daysAndRest(2880)).toEqual({ days: 2, rest: 0 });
  expect(daysAndRest(1439)).toEqual({ days: 0, rest: 1439 });
});

describe("a written duration", () => {
  it.each([
    ["90", 90],
    ["90m", 90],
    ["90 min", 90],
    ["2h", 120],
    ["2H", 120],
    ["1h30m", 90],
    ["1h 30m", 90],
    ["1h30", 90],
  ])("of %s is %i minutes", (written, minutes) => {
    expect(minutesOf(written)).toBe(minutes);
  });

  it.each(["", "0", "0h", "h", "m", "-15", "1.5h", "90s", "30m1h", "an hour", "1e3", "99999999"])(
    "is not %j",
    (written) => {
      expect(minutesOf(written)).toBeUndefined();
    },
  );
});
