import type { RequestView } from "../../api/types";

type Shown = Pick<RequestView, "window" | "ended_at" | "state" | "open_sessions_until">;

/** Whether the removal began before the end that was fixed. */
export function endsEarly({ window, ended_at: ended }: Shown): boolean {
  return window !== null && ended !== null && Date.parse(ended) < Date.parse(window.expires_at);
}

/**
 * Until when open sessions may last. Before access begins this is an outlook, which is told with the
 * grant; while it ends early the API still reckons from the end that was fixed, which says nothing.
 */
export function openSessionsUntil(request: Shown): string | null {
  if (request.window === null) return null;
  return request.state === "ending" && endsEarly(request) ? null : request.open_sessions_until;
}
