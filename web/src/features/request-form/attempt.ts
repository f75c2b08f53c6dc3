import type { Submission } from "../../api/types";

/** 128 random bits; unlike `crypto.randomUUID` also where the portal is served without TLS. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/**
 * Keys for sending: one per attempt. While it is unknown whether an attempt arrived, the same
 * request keeps its key, so that sending again can never ask twice.
 */
export class Attempts {
  private open: { body: string; key: string } | undefined;

  keyFor(submission: Submission): string {
    const body = JSON.stringify(submission);
    if (this.open?.body !== body) this.open = { body, key: randomKey() };
    return this.open.key;
  }

  /** An answer came: the next sending is a new attempt. */
  answered(): void {
    this.open = undefined;
  }
}
