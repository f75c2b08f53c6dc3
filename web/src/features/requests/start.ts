import type { RequestView } from "../../api/types";

/** The wanted start while it still lies ahead; once it has passed, access begins as soon as it may. */
export function startAhead({ start }: Pick<RequestView, "start">, now: number): string | null {
  return start !== null && Date.parse(start) > now ? start : null;
}
