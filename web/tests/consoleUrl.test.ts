import { expect, it } from "vitest";

import { consoleUrlAt } from "../src/features/access/consoleUrl";

it("the console can be opened until nothing of the time is left", () => {
  const url = "https://start.example/#/console";
  const window = { starts_at: "2026-11-22T04:00:00Z", expires_at: "2026-11-22T05:00:00Z" };
  const end = Date.parse(window.expires_at);
  expect(consoleUrlAt({ console_url: url, window }, end - 1)).toBe(url);
  expect(consoleUrlAt({ console_url: url, window }, end)).toBeNull();
  expect(consoleUrlAt({ console_url: null, window }, end - 1)).toBeNull();
});
