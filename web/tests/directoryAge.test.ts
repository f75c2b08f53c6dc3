import { expect, it } from "vitest";

import { isDirectoryOld } from "../src/features/directory/age";

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22, 4, minutes)).toISOString();

it("the directory is old after half an hour, by the server's own clock", () => {
  const old = (minutes: number) => isDirectoryOld({ directory_synced_at: at(0), now: at(minutes) });
  expect([0, 3, 30, 31, 600].map(old)).toEqual([false, false, false, true, true]);
});

it("a directory that was never read is old", () => {
  expect(isDirectoryOld({ directory_synced_at: "1970-01-01T00:00:00Z", now: at(0) })).toBe(true);
});
