import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { IntlProvider } from "react-intl";
import { describe, expect, it } from "vitest";

import type { Policies } from "../src/api/types";
import { usePolicySummaries } from "../src/features/policies/PolicySummary";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";

const catalogues = { en, ja };

const ids = (what: string, count: number) => Array.from({ length: count }, (_, index) => `${what}-${index}`);

const policy: Policies["guardrails"] = {
  id: "short",
  name: "Short",
  enabled: true,
  principals: { users: ids("user", 3) },
  targets: { all: true, excluded_accounts: ids("account", 5) },
  permission_sets: { these: ids("set", 4) },
  effect: "forbid",
};

function Summary({ named }: { named?: number }) {
  const { who, where, what } = usePolicySummaries([policy], named).summaries.guardrails(policy);
  return [who, where, what].join(" | ");
}

/** What the policy says, where everything is called by its id. */
function summary(named?: number, locale: "en" | "ja" = "en"): string {
  const client = new QueryClient();
  for (const id of [...ids("user", 3), ...ids("account", 5), ...ids("set", 4)])
    client.setQueryData(["directory", "name", id], id);
  const summarized = createElement(Summary, named === undefined ? {} : { named });
  const told = createElement(IntlProvider, { locale, messages: catalogues[locale] }, summarized);
  return renderToStaticMarkup(createElement(QueryClientProvider, { client }, told));
}

describe("a policy in names", () => {
  it("tells how many there are beyond those that have room", () => {
    expect(summary(3)).toBe(
      "user-0, user-1, user-2 | " +
        "all accounts except account-0, account-1, account-2 and 2 more | " +
        "set-0, set-1, set-2 and 1 more",
    );
  });

  it("counts in Japanese as things what is one, and not the groups and people in one list", () => {
    expect(summary(2, "ja").match(/ほか\d件?/g)).toEqual(["ほか1", "ほか3件", "ほか2件"]);
  });

  it("tells them all where nothing limits it", () => {
    expect(summary()).toContain("account-3, account-4 | set-0, set-1, set-2, set-3");
  });
});
