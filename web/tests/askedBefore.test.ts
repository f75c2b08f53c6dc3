import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

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

describe("what was asked for before", () => {
  it("is fetched only where a request is named", () => {
    expect(askedBefore("r-1")?.fetchStatus).toBe("fetching");
    for (const none of [null, ""]) expect(askedBefore(none)?.fetchStatus).toBe("idle");
  });
});
