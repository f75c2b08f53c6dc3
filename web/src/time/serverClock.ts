import { useEffect, useState, useSyncExternalStore } from "react";

/**
 * The server's clock: everything shown counts by it. In simulated mode it runs ahead of real time,
 * and even otherwise the browser's clock may be wrong.
 */
let offsetMs = 0;
const listeners = new Set<() => void>();

/** The server says instants in whole seconds and answers take a while, so small differences are noise. */
const NOISE_MS = 1500;

export function observeServerNow(instant: string): void {
  const observed = Date.parse(instant) + 500 - Date.now();
  if (Number.isNaN(observed) || Math.abs(observed - offsetMs) < NOISE_MS) return;
  offsetMs = observed;
  listeners.forEach((listener) => listener());
}

export const serverNow = (): number => Date.now() + offsetMs;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server's time in milliseconds, renewed every second (or as often as asked for). */
export function useServerNow(everyMs = 1000): number {
  const offset = useSyncExternalStore(subscribe, () => offsetMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + offset;
}
