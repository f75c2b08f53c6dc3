import { describe, expect, it } from "vitest";

import type { Settings } from "../src/api/types";
import { differ } from "../src/features/settings/differ";

describe("settings", () => {
  const opened = { ticket_required: false, channels: { slack: true, email: false } } as Settings;

  it("are changed where one is another, however deep", () => {
    expect(differ({ ...opened, ticket_required: true }, opened)).toBe(true);
    expect(differ({ ...opened, channels: { ...opened.channels, email: true } }, opened)).toBe(true);
    expect(differ({ ...opened, slack_channel: "#access" }, opened)).toBe(true);
  });

  it("are as they were where a change was taken back", () => {
    expect(differ({ ...opened, channels: { ...opened.channels } }, opened)).toBe(false);
    expect(differ({ ...opened, slack_channel: null }, opened)).toBe(false);
  });
});
