import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { Refused } from "../src/api/problem";
import type { EligibleAccount } from "../src/api/types";
import { useNotOffered, whyOf } from "../src/features/request-form/useNotOffered";
import { useChosenAccounts } from "../src/features/request-form/useOffers";
import { idOf, isAccountId, settle } from "../src/features/request-form/wanted";

function account(id: string, name: string): EligibleAccount {
  return { account: { id, name, status: "active", management: false, path: [] }, permission_sets: [] };
}

const prod = account("111122223333", "payments-prod");
const another = account("444455556666", "payments-prod");
const lookalike = account("777788889999", "payments-prod-eu");

describe("a wanted account", () => {
  it("is found by its id or its name", () => {
    for (const wanted of ["111122223333", "payments-prod"])
      expect(settle([wanted], [[prod, lookalike]])).toEqual({
        ids: ["111122223333"],
        known: [prod],
        unavailable: [],
      });
  });

  it("counts once, however often and by whatever it is named", () => {
    const settled = settle(["payments-prod", "111122223333"], [[prod], [prod]]);
    expect(settled).toEqual({ ids: ["111122223333"], known: [prod], unavailable: [] });
  });

  it("that nobody may ask for stays as it was written", () => {
    const { ids, unavailable } = settle(["payments"], [[prod, lookalike]]);
    expect(ids).toEqual(["payments"]);
    expect(unavailable).toEqual([{ wanted: "payments", bearers: [] }]);
  });

  it("that several accounts could be is none of them", () => {
    const { ids, known, unavailable } = settle(["payments-prod"], [[prod, another]]);
    expect([ids, known]).toEqual([["payments-prod"], []]);
    expect(unavailable).toEqual([{ wanted: "payments-prod", bearers: [prod.account, another.account] }]);
  });

  it("is nothing to complain of until the API has answered", () => {
    expect(settle(["payments-prod"], [undefined])).toEqual({
      ids: ["payments-prod"],
      known: [],
      unavailable: [],
    });
  });

  it("is an id only with twelve digits", () => {
    expect(["111122223333", "1111", "payments-prod", "1111222233334"].map(isAccountId)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("why something is not offered", () => {
  it("is asked of an account by its id, and by its name of one that the caller knows", () => {
    expect(idOf("444455556666", [prod.account])).toBe("444455556666");
    expect(idOf("payments-prod", [prod.account])).toBe("111122223333");
    expect(idOf("payments-prod-eu", [prod.account])).toBeUndefined();
  });

  const refused = (code: string) =>
    new Refused({ type: `urn:kari:problem:${code}`, title: code, status: 400, code, detail: code });

  it("is never that a question about it could not be read", () => {
    expect(whyOf(undefined, refused("malformed-query"))).toEqual([]);
    expect(whyOf(undefined, refused("unknown-account"))).toHaveLength(1);
  });

  it("is asked of each by itself, also of several names that nothing is known by", () => {
    const client = new QueryClient();
    const names = ["paymets", "paymnts"];
    for (const name of names) client.setQueryData(["eligibility", "account", name], []);
    function Asking() {
      return useNotOffered(useChosenAccounts(names), undefined, 60).map(({ name }) => name);
    }
    renderToStaticMarkup(createElement(QueryClientProvider, { client }, createElement(Asking)));
    expect(client.getQueryCache().findAll({ queryKey: ["eligibility", "why"] })).toHaveLength(2);
  });
});
