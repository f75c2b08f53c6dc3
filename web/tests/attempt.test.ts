import { describe, expect, it } from "vitest";

import { Attempts } from "../src/features/request-form/attempt";

const submission = { accounts: ["111122223333"], permission_set: "arn", duration_minutes: 60 };

describe("the idempotency key", () => {
  it("stays the same while it is unknown whether the request arrived", () => {
    const attempts = new Attempts();
    expect(attempts.keyFor(submission)).toBe(attempts.keyFor({ ...submission }));
  });

  it("is fresh for other contents", () => {
    const attempts = new Attempts();
    expect(attempts.keyFor(submission)).not.toBe(attempts.keyFor({ ...submission, duration_minutes: 30 }));
  });

  it("is fresh after an answer", () => {
    const attempts = new Attempts();
    const first = attempts.keyFor(submission);
    attempts.answered();
    expect(attempts.keyFor(submission)).not.toBe(first);
  });

  it("is short visible ASCII, as the API wants it", () => {
    expect(new Attempts().keyFor(submission)).toMatch(/^[\x21-\x7e]{1,100}$/);
  });
});
