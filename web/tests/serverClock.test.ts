import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useMe } from "../src/app/useMe";
import { observeServerNow, serverNow } from "../src/time/serverClock";

const SERVER = "2026-11-22T04:00:00Z";

/** To the second: that is how instants are told. */
const now = () => new Date(serverNow()).toISOString().replace(/\.\d+/, "");

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-02T09:00:00Z") });
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ now: SERVER })));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("the server's clock is read from each answer as it arrives, and not where it is shown", async () => {
  const client = new QueryClient();
  const Shown = () => useMe().data?.now;
  renderToStaticMarkup(createElement(QueryClientProvider, { client }, createElement(Shown)));
  const question = client.getQueryCache().find({ queryKey: ["me"] });
  await question?.fetch();
  expect(now()).toBe(SERVER);
  observeServerNow("2026-11-22T05:00:00Z");
  await question?.fetch();
  expect(now()).toBe(SERVER);
});
