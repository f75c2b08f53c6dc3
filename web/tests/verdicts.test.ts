import { QueriesObserver, QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";

import { Refused, Unreachable } from "../src/api/problem";
import { lastVerdict, verdictQuery } from "../src/features/request-form/useVerdicts";

const SHOP = "111122223333";
const ASKED = { permissionSet: "arn:power", durationMinutes: 60, start: null, ticket: "" };

function refused(code: string, status: number): Refused {
  return new Refused({ type: `urn:kari:problem:${code}`, title: code, status, code, detail: code });
}

/** A client that has had these answers, each later than the one before. */
function having(...answers: { account?: string; asked?: Partial<typeof ASKED>; says: string }[]) {
  const client = new QueryClient();
  answers.forEach(({ account = SHOP, asked, says }, index) => {
    client.setQueryData(["verdict", account, { ...ASKED, ...asked }], says, {
      updatedAt: 1000 * (index + 1),
    });
  });
  return client;
}

describe("the verdict that is shown until the next one is there", () => {
  it("is the newest of the account and the permission set", () => {
    const client = having(
      { asked: { durationMinutes: 240 }, says: "four hours" },
      { says: "one hour" },
      { asked: { permissionSet: "arn:read" }, says: "of another set" },
      { account: "444455556666", says: "of another account" },
    );
    expect(lastVerdict(client, SHOP, ASKED)).toBe("one hour");
    expect(lastVerdict(client, SHOP, { permissionSet: "arn:read" })).toBe("of another set");
  });

  it("is none where nothing of the kind was answered", () => {
    expect(lastVerdict(having(), SHOP, ASKED)).toBeUndefined();
    expect(
      lastVerdict(having({ asked: { permissionSet: "arn:read" }, says: "" }), SHOP, ASKED),
    ).toBeUndefined();
  });

  it("is marked as one of before, also where several accounts are asked about", () => {
    const client = having({ says: "one hour" });
    const about = (durationMinutes: number) => [
      { ...verdictQuery(client, SHOP, { ...ASKED, durationMinutes }), staleTime: Infinity },
    ];
    const observer = new QueriesObserver(client, about(60));
    expect(observer.getCurrentResult()[0]).toMatchObject({ data: "one hour", isPlaceholderData: false });
    observer.setQueries(about(120));
    expect(observer.getCurrentResult()[0]).toMatchObject({ data: "one hour", isPlaceholderData: true });
  });
});

describe("the question what will happen", () => {
  const { refetchInterval } = verdictQuery(new QueryClient(), SHOP, ASKED);
  const after = (error: Error | null) => refetchInterval({ state: { error } });

  it("is asked again as time passes, unless it was refused", () => {
    expect(after(null)).toBeGreaterThan(0);
    expect(after(new Unreachable())).toBeGreaterThan(0);
    expect(after(refused("unavailable", 503))).toBeGreaterThan(0);
    expect(after(refused("start-in-past", 422))).toBe(false);
  });
});
