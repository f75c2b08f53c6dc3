import { expect, it } from "vitest";

import { startAhead } from "../src/features/requests/start";

const START = "2026-11-26T04:00:00Z";
const at = Date.parse(START);

it("a wanted start is told only while it lies ahead", () => {
  expect(startAhead({ start: START }, at - 1)).toBe(START);
  expect(startAhead({ start: START }, at)).toBeNull();
  expect(startAhead({ start: null }, at)).toBeNull();
});
