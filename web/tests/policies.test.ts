import { describe, expect, it, vi } from "vitest";

import { Refused } from "../src/api/problem";
import type { Reason } from "../src/api/types";
import { problemsAt } from "../src/app/problems";
import { partsOf } from "../src/features/directory/names";
import { allParts, MOST_READINGS } from "../src/features/policies/parts";
import { idsIn } from "../src/features/policies/scopes";
import { BLANK, draftOf, idFor } from "../src/features/policies/whole";

const guardrail = {
  id: "short",
  name: "Short",
  enabled: true,
  targets: { units: ["ou-prod"] },
  effect: { cap: { minutes: 60 } },
};

describe("a policy as a form", () => {
  it("has every field, where what was left out means what the API says it means", () => {
    expect(draftOf("guardrails", guardrail)).toEqual({
      kind: "guardrails",
      policy: {
        ...guardrail,
        principals: { everyone: true, users: [], groups: [] },
        targets: { all: false, accounts: [], units: ["ou-prod"], excluded_accounts: [], excluded_units: [] },
        permission_sets: "all",
      },
    });
  });

  it("is refused rather than shown in part", () => {
    const unreadable: unknown[] = [
      null,
      [],
      "text",
      { ...guardrail, priority: 1 },
      { ...guardrail, enabled: "yes" },
      { ...guardrail, targets: { units: "ou-prod" } },
      { ...guardrail, targets: { units: [1] } },
      { ...guardrail, targets: { regions: [] } },
      { ...guardrail, permission_sets: "some" },
      { ...guardrail, effect: { cap: { hours: 1 } } },
      { ...guardrail, effect: "shorten" },
    ];
    for (const policy of unreadable)
      expect(draftOf("guardrails", policy), JSON.stringify(policy)).toBeUndefined();
  });

  it("comes back from text as it went there, of every kind", () => {
    for (const kind of ["eligibility", "approvers", "guardrails"] as const) {
      const policy = BLANK[kind]();
      const again = draftOf(kind, JSON.parse(JSON.stringify(policy)));
      expect(again).toEqual({ kind, policy });
    }
  });

  it("gets an id made of its name that nobody else has", () => {
    expect(idFor("On call: repair production", [])).toBe("on-call-repair-production");
    expect(idFor("On call", ["on-call", "on-call-2"])).toBe("on-call-3");
    expect(idFor("Café – 24/7", [])).toBe("cafe-24-7");
    expect(idFor("x".repeat(100), [])).toHaveLength(56);
  });

  it("has to be given an id where its name has no letters for one", () => {
    expect([idFor("本番の承認", []), idFor("", [])]).toEqual(["", ""]);
    expect(idFor("本番 admin", [])).toBe("admin");
  });
});

describe("what a policy names", () => {
  it("is found wherever it is named", () => {
    const ids = idsIn({
      ...BLANK.approvers(),
      targets: { accounts: ["210000000031"], excluded_units: ["ou-a"] },
      permission_sets: { these: ["arn:set"] },
      requirements: [{ reviewers: { groups: ["g-1"], users: ["u-1"] }, quorum: 1 }],
      notify: { users: ["u-2"] },
    });
    expect(ids).toEqual(["210000000031", "ou-a", "arn:set", "g-1", "u-1", "u-2"]);
  });

  it("is looked for where its id can be from", () => {
    expect(partsOf("arn:aws:sso:::permissionSet/ssoins-1/ps-1")).toEqual(["permission-sets"]);
    expect(partsOf("210000000031")).toEqual(["accounts"]);
    expect(partsOf("ou-ab12-cd34")).toEqual(["units"]);
    expect(partsOf("r-ab12")).toEqual(["units"]);
    expect(partsOf("9067642ac1-6b1f3a2e")).toEqual(["users", "groups"]);
  });
});

describe("what the server says against a policy", () => {
  const reason = (field: string) =>
    ({ code: "empty-list", sentence: "", parameters: { field } }) as unknown as Reason;
  const refused = (...fields: string[]) =>
    new Refused({
      type: "",
      title: "",
      status: 422,
      code: "bad-policy",
      detail: "",
      reasons: fields.map(reason),
    });
  const fields = (error: unknown, within: string) =>
    problemsAt(error, within).map(({ parameters }) => (parameters as { field?: string }).field);

  it("stands beside the field it names, and nowhere else", () => {
    const error = refused("principals.users", "name", "targets", "requirements[1].quorum");
    expect(fields(error, "principals")).toEqual(["principals.users"]);
    expect(fields(error, "requirements")).toEqual(["requirements[1].quorum"]);
    expect(fields(error, "targets.excluded_accounts")).toEqual([]);
    expect(fields(error, "note")).toEqual([]);
  });

  it("is found within a trial as well, and told once", () => {
    const error = refused("change.eligibility.name", "effect.cap.minutes", "effect.cap.minutes");
    expect(fields(error, "name")).toEqual(["change.eligibility.name"]);
    expect(fields(error, "effect")).toEqual(["effect.cap.minutes"]);
    expect(problemsAt(new Error("no answer"), "name")).toEqual([]);
  });
});

describe("a list of policies that comes in parts", () => {
  const part = (version: number, id: string, next: string | null = null) => ({
    version,
    items: [{ version: 1, policy: { id } }],
    next,
  });
  const idsOf = async (answer: Parameters<typeof allParts<{ id: string }>>[0]) =>
    (await allParts(answer)).map(({ policy }) => policy.id);

  it("is put together from all of them, each read once", async () => {
    const answer = vi
      .fn()
      .mockResolvedValueOnce(part(4, "a", "a"))
      .mockResolvedValueOnce(part(4, "b"));
    expect(await idsOf(answer)).toEqual(["a", "b"]);
    expect(answer.mock.calls).toEqual([[undefined], ["a"]]);
  });

  it("is read from its beginning where the policies changed between two parts", async () => {
    const answer = vi
      .fn()
      .mockResolvedValueOnce(part(4, "a", "a"))
      .mockResolvedValueOnce(part(5, "b"))
      .mockResolvedValueOnce(part(5, "a2", "a2"))
      .mockResolvedValueOnce(part(5, "b"));
    expect(await idsOf(answer)).toEqual(["a2", "b"]);
    expect(answer.mock.calls).toEqual([[undefined], ["a"], [undefined], ["a2"]]);
  });

  it("is an error, and no mixed list, where they change each time", async () => {
    let version = 0;
    const answer = vi.fn((cursor: string | undefined) => {
      version += 1;
      return Promise.resolve(cursor === undefined ? part(version, "a", "a") : part(version, "b"));
    });
    await expect(allParts(answer)).rejects.toThrow("the policies changed each time");
    expect(answer).toHaveBeenCalledTimes(2 * MOST_READINGS);
  });
});
