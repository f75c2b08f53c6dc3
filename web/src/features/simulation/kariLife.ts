import { useSyncExternalStore } from "react";

import { isNotFound } from "../../api/problem";

/**
 * An instant by both clocks. The server's is kept as it was then: it runs ahead by more once time is
 * skipped. How long something took is told by real time.
 */
export interface Instant {
  real: number;
  server: number;
}

/** What was seen of the process: whether it answers, and how its last crash went. */
export interface Life {
  up: boolean;
  /** When it stopped answering. */
  downSince: Instant | undefined;
  /** When somebody pressed *crash*; until another process answers, it counts as down. */
  crashedAt: Instant | undefined;
  boot: string | undefined;
  crash: Crash | undefined;
}

export interface Crash {
  /** By the server's clock. */
  at: number;
  backAfterMs: number;
  /** How many requests were known before, and how many of them are still known; until counted, nothing. */
  kept: { before: number; after: number } | undefined;
}

export const NEWBORN: Life = {
  up: true,
  downSince: undefined,
  crashedAt: undefined,
  boot: undefined,
  crash: undefined,
};

export const pressedCrash = (life: Life, at: Instant): Life => ({
  ...life,
  up: false,
  downSince: at,
  crashedAt: at,
});

/** The press did not arrive. */
export const notCrashed = (life: Life): Life => ({
  ...life,
  up: true,
  downSince: undefined,
  crashedAt: undefined,
});

export const lostContact = (life: Life, at: Instant): Life =>
  life.up ? { ...life, up: false, downSince: at } : life;

/** An answer came from the process with this id. The dying one may still answer for a moment. */
export function heardFrom(life: Life, boot: string, at: Instant): Life {
  if (life.boot === undefined || life.boot === boot) {
    if (life.crashedAt !== undefined || (life.up && life.boot === boot)) return life;
    return { ...life, up: true, downSince: undefined, boot };
  }
  const since = life.crashedAt ?? life.downSince ?? at;
  return {
    ...NEWBORN,
    boot,
    crash: { at: since.server, backAfterMs: at.real - since.real, kept: undefined },
  };
}

/** Of the requests that were asked for, those whose absence was told are missing; of a failed call nothing is known. */
export function tally(answers: PromiseSettledResult<unknown>[]): { before: number; after: number } {
  const after = answers.filter(({ status }) => status === "fulfilled").length;
  const missing = answers.filter((answer) => answer.status === "rejected" && isNotFound(answer.reason));
  return { before: after + missing.length, after };
}

export function countedKept(life: Life, before: number, after: number): Life {
  return life.crash === undefined ? life : { ...life, crash: { ...life.crash, kept: { before, after } } };
}

let life = NEWBORN;
const listeners = new Set<() => void>();

/** Takes a step; answers whether another process was met. */
export function live(step: (life: Life) => Life): boolean {
  const before = life;
  life = step(before);
  if (life !== before) listeners.forEach((listener) => listener());
  return before.boot !== undefined && before.boot !== life.boot;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentLife = () => life;
export const useKariLife = () => useSyncExternalStore(subscribe, currentLife);
