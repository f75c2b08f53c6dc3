import { describe, expect, it } from "vitest";

import type { AccountView, EligibleAccount, OfferedPermissionSet } from "../src/api/types";
import {
  commonOffers,
  durationChoices,
  longestOf,
  needsTicket,
  notesOf,
  suggestedAccounts,
  usualDuration,
} from "../src/features/request-form/offers";

function offer(name: string, part: Partial<OfferedPermissionSet> = {}): OfferedPermissionSet {
  return {
    arn: `arn:${name}`,
    name,
    description: "",
    session_duration_minutes: 60,
    max_duration_minutes: 240,
    max_duration_without_approval_minutes: null,
    terms: [],
    notes: [],
    ...part,
  };
}

function account(id: string, ...permission_sets: OfferedPermissionSet[]): EligibleAccount {
  return { account: { id, name: id, status: "active", management: false, path: [] }, permission_sets };
}

describe("the offers on several accounts", () => {
  it("are those that every account has", () => {
    const common = commonOffers([account("1", offer("admin"), offer("read")), account("2", offer("read"))]);
    expect(common.map(({ name }) => name)).toEqual(["read"]);
  });

  it("are as narrow as the narrowest", () => {
    const wide = offer("read", {
      max_duration_minutes: 480,
      max_duration_without_approval_minutes: 480,
      notes: ["a"],
    });
    const narrow = offer("read", { max_duration_minutes: 60, notes: ["a", "b"] });
    expect(commonOffers([account("1", wide), account("2", narrow)])).toEqual([
      { ...narrow, max_duration_without_approval_minutes: null, notes: ["a", "b"] },
    ]);
  });

  it("come by name", () => {
    const sets = ["Read10", "read2", "Admin"].map((name) => offer(name));
    expect(commonOffers([account("1", ...sets)]).map(({ name }) => name)).toEqual([
      "Admin",
      "read2",
      "Read10",
    ]);
  });

  it("are none without an account", () => {
    expect(commonOffers([])).toEqual([]);
  });
});

describe("a ticket", () => {
  const term = (up_to_minutes: number, ticket_required: boolean) => ({
    up_to_minutes,
    approval_required: true,
    ticket_required,
  });
  const short = offer("admin", { terms: [term(120, false), term(240, true)] });

  it("is needed only for as long as the policy that decides asks for one", () => {
    const needed = [60, 120, 121, 240, 241].map((minutes) =>
      needsTicket([account("1", short)], short.arn, minutes),
    );
    expect(needed).toEqual([false, false, true, true, false]);
  });

  it("is needed if any of the accounts needs it", () => {
    const strict = account("2", { ...short, terms: [term(60, true)] });
    expect(needsTicket([account("1", short), strict], short.arn, 60)).toBe(true);
    expect(needsTicket([account("1", short), strict], "arn:other", 60)).toBe(false);
  });
});

describe("what the policies note", () => {
  it("is told once for all accounts that it is of, and for no other permission set", () => {
    const [read, admin] = [offer("read", { notes: ["a", "b"] }), offer("admin", { notes: ["c"] })];
    const accounts = [account("1", read, admin), account("2", offer("read", { notes: ["b"] })), account("3")];
    expect(notesOf(accounts, "arn:read")).toEqual([
      { note: "a", accounts: ["1"] },
      { note: "b", accounts: ["1", "2"] },
    ]);
  });
});

describe("the durations offered", () => {
  it("are at most the longest of any offer, which is not known without one", () => {
    const offers = [60, 480, 240].map((minutes) => offer("read", { max_duration_minutes: minutes }));
    expect(longestOf(offers)).toBe(480);
    expect(longestOf([])).toBeUndefined();
  });

  it("go up to the limit", () => {
    expect(durationChoices(240)).toEqual([15, 30, 60, 120, 240]);
    expect(durationChoices(20)).toEqual([15]);
  });

  it("start with an hour, or with the longest that fits", () => {
    expect(usualDuration(1440)).toBe(60);
    expect(usualDuration(45)).toBe(30);
    expect(usualDuration(10)).toBe(10);
  });
});

describe("the suggested accounts", () => {
  const account = (id: number): AccountView => ({
    id: String(id),
    name: `account-${id}`,
    status: "active",
    management: false,
    path: [],
  });
  const accounts = (...ids: number[]) => ids.map(account);
  const many = accounts(...Array.from({ length: 13 }, (_, index) => index));

  it("are all where there are only a few, those asked for lately first and each once", () => {
    expect(suggestedAccounts(accounts(1, 2, 3), true, accounts(3, 3))).toEqual(accounts(3, 1, 2));
  });

  it("leave out what may no longer be asked for", () => {
    expect(suggestedAccounts(accounts(1, 2), true, accounts(9))).toEqual(accounts(1, 2));
  });

  it("are only the latest where there are many", () => {
    const lately = accounts(20, 20, 21, 22, 23, 24, 25, 26);
    expect(suggestedAccounts(many, true, lately)).toEqual(accounts(20, 21, 22, 23, 24, 25));
    expect(suggestedAccounts(accounts(1), false, lately.slice(0, 2))).toEqual(accounts(20));
    expect(suggestedAccounts(many, true, [])).toEqual([]);
  });
});
