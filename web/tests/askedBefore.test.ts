import { onlineManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, describe, expect, it } from "vitest";

import { useAskedBefore } from "../src/features/requests/queries";

type Asked = ReturnType<typeof useAskedBefore>;

/** What is known at first of the request that `again` names. */
function askedBefore(again: string | null, client = new QueryClient()): Asked | undefined {
  const seen: Asked[] = [];
  function Asking() {
    seen.push(useAskedBefore(again));
    return null;
  }
  renderToStaticMarkup(createElement(QueryClientProvider, { client }, createElement(Asking)));
  return seen[0];
}

afterEach(() => onlineManager.setOnline(true));

describe("what was asked for before", () => {
  it("is fetched only where a request is named", () => {
    expect(askedBefore("r-1")?.fetchStatus).toBe("fetching");
    for (const none of [null, ""]) expect(askedBefore(none)?.fetchStatus).toBe("idle");
  });

  it("is awaited until it is there or cannot be had, also without a connection", () => {
    // What failed stays so, as on a page that is open.
    const client = new QueryClient({ defaultOptions: { queries: { retryOnMount: false } } });
    const awaited = (again: string | null) => askedBefore(again, client)?.isAwaited;
    for (const online of [true, false]) {
      onlineManager.setOnline(online);
      expect(awaited("r-1")).toBe(true);
      for (const none of [null, ""]) expect(awaited(none)).toBe(false);
    }
    client.setQueryData(["request", "r-2"], {});
    expect(awaited("r-2")).toBe(false);
    const failing = client.getQueryCache().build(client, { queryKey: ["request", "r-3"] });
    failing.setState({ status: "error", error: new Error("gone") });
    expect(awaited("r-3")).toBe(false);
  });
});
