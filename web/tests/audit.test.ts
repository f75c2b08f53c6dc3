import { expect, it } from "vitest";

import { EMPTY_FILTER, queryOf } from "../src/features/audit/filter";

it("days of the audit filter are the reader's own, and both are included", () => {
  const query = queryOf({ ...EMPTY_FILTER, from: "2026-11-22", to: "2026-11-23" });
  expect(Date.parse(String(query.from))).toBe(new Date(2026, 10, 22).getTime());
  expect(Date.parse(String(query.to))).toBe(new Date(2026, 10, 24).getTime());
});

it("an empty audit filter asks for everything", () => {
  expect(Object.values(queryOf(EMPTY_FILTER)).filter((value) => value !== undefined && value !== "")).toEqual(
    [],
  );
});
