import { describe, expect, it } from "vitest";

import { mayPass, Refused } from "../src/api/problem";
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

describe("trying the very same again", () => {
  const refusedWith = (status: number) =>
    new Refused({ type: "about:blank", title: "", status, code: "any", detail: "" });

  it("can help where nobody knows whether it was done, or it was not its time", () => {
    for (const status of [429, 500, 503]) expect(mayPass(refusedWith(status)), `${status}`).toBe(true);
  });

  it("cannot help where it was refused for what it is", () => {
    for (const status of [400, 403, 409, 422]) expect(mayPass(refusedWith(status)), `${status}`).toBe(false);
  });
});
