import type { RequestView } from "../../api/types";
import { useServerNow } from "../../time/serverClock";

type Shown = Pick<RequestView, "console_url" | "window">;

/** Where the console opens, while there is time left: the next look at the API comes a moment later. */
export function consoleUrlAt({ console_url: url, window }: Shown, now: number): string | null {
  return window !== null && Date.parse(window.expires_at) <= now ? null : url;
}

export const useConsoleUrl = (request: Shown): string | null => consoleUrlAt(request, useServerNow());
