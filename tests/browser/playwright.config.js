import { defineConfig } from "@playwright/test";

/** The browser is the system's own: one that a tool downloads cannot be had everywhere. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: ".",
  testMatch: "*.test.js",
  outputDir: "output",
  // Generous: a busy machine is slow, and what is wrong fails by its own expectation.
  timeout: 600_000,
  // What one person does shows to another at the next look, every eight seconds, and looks take their time as well.
  expect: { timeout: 60_000 },
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    actionTimeout: 120_000,
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1280, height: 900 },
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // Recording takes a quarter of the time, and where nobody looks at it it is of no use.
    trace: process.env.CI === undefined ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
