import { describe, expect, it } from "vitest";

import { missedSet } from "../src/features/request-form/useNotOffered";
import { lengthOf, lengthProblem } from "../src/features/request-form/texts";
import { fieldText } from "../src/i18n/fields";
import type { OfferedPermissionSet } from "../src/api/types";

describe("the length of what somebody writes", () => {
  it("counts characters as people do, without the space around them", () => {
    expect(lengthOf("  障害対応🚑 ")).toBe(5);
  });

  it.each([
    ["", undefined],
    ["a".repeat(9), "reason.text-too-short"],
    ["a".repeat(10), undefined],
    ["🚑".repeat(1000), undefined],
    ["a".repeat(1001), "reason.text-too-long"],
  ])("of the justification is held against its limits: %j", (text, expected) => {
    expect(lengthProblem("justification", text)?.text).toBe(expected);
  });

  it("of a ticket has no lower limit but one", () => {
    expect(lengthProblem("ticket", "1")).toBeUndefined();
    expect(lengthProblem("ticket", "x".repeat(101))?.text).toBe("reason.text-too-long");
  });
});

describe("the fields that problems name", () => {
  it.each([
    ["justification", "form.justification"],
    ["ticket", "form.ticket"],
    ["ticket_required", "policies.ticketChoice"],
    ["comment", "comment.label"],
    ["duration_minutes", "form.duration"],
    ["max_duration_minutes", "policies.longest"],
    ["change.approvers.requirements[0].quorum", "policies.requirements"],
    ["requirements.quorum", "policies.quorumLabel"],
    ["note", "policies.note"],
    ["notify", "policies.notify"],
  ])("have names of their own: %s", (field, text) => {
    expect(fieldText(field)).toBe(text);
  });
});

describe("a permission set that a link asks for", () => {
  const offers = [{ arn: "arn:power", name: "PowerUserAccess" }] as OfferedPermissionSet[];

  it("is missed where it is not offered, by name as by ARN", () => {
    expect(missedSet("AdministratorAccess", offers, true)).toBe("AdministratorAccess");
    expect(missedSet("PowerUserAccess", offers, true)).toBeUndefined();
    expect(missedSet("arn:power", offers, true)).toBeUndefined();
  });

  it("is not missed while nobody knows, or where none is asked for", () => {
    expect(missedSet("AdministratorAccess", [], false)).toBeUndefined();
    expect(missedSet(undefined, offers, true)).toBeUndefined();
  });
});
