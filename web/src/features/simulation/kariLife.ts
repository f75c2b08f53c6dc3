import { useSyncExternalStore } from "react";

/** What was seen of the process: whether it answers, and how its last crash went. */
export interface Life {
  up: boolean;
  /** Real time, when it stopped answering. */
  downSince: number | undefined;
  boot: string | undefined;
  crash: Crash | undefined;
  crashes: number;
}

export interface Crash {
  /** Real time of the crash. */
  at: number;
  backAfterMs: number;
  /** How many requests were known before, and how many of them are still known; until counted, nothing. */
  kept: { before: number; after: number } | undefined;
}

let life: Life = { up: true, downSince: undefined, boot: undefined, crash: undefined, crashes: 0 };
const listeners = new Set<() => void>();

function set(next: Life): void {
  life = next;
  listeners.forEach((listener) => listener());
}

export function lostContact(at: number): void {
  if (life.up) set({ ...life, up: false, downSince: at });
}

/** Answers whether this is a new process. */
export function hearFrom(boot: string, at: number): boolean {
  const restarted = life.boot !== undefined && life.boot !== boot;
  if (!restarted) {
    if (!life.up || life.boot !== boot) set({ ...life, up: true, downSince: undefined, boot });
    return false;
  }
  const crashedAt = life.downSince ?? at;
  const crash = { at: crashedAt, backAfterMs: at - crashedAt, kept: undefined };
  set({ up: true, downSince: undefined, boot, crash, crashes: life.crashes + 1 });
  return true;
}

export function countKept(before: number, after: number): void {
  if (life.crash !== undefined) set({ ...life, crash: { ...life.crash, kept: { before, after } } });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useKariLife = () => useSyncExternalStore(subscribe, () => life);
