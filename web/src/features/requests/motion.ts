import type { RequestState, RequestView } from "../../api/types";
import { serverNow } from "../../time/serverClock";

/** How often to look again, in milliseconds, while a request is in this state. */
const EVERY: Record<RequestState, number> = {
  activating: 1500,
  ending: 1500,
  approved: 2000,
  pending: 3000,
  active: 6000,
  closed: 15000,
};

const SOON_MS = 90_000;

/** A window that ends within a moment is watched closely. */
function every(request: RequestView): number {
  const end = request.window === null ? Infinity : Date.parse(request.window.expires_at) - serverNow();
  return request.state === "active" && end < SOON_MS ? 1500 : EVERY[request.state];
}

/** New requests shall show in a list soon, however quiet those in it are. */
const NEW_MS = 8000;

export const pollListEvery = (requests: RequestView[] = []): number =>
  Math.min(NEW_MS, ...requests.map(every));

export const pollEvery = (request: RequestView | undefined): number =>
  request === undefined ? NEW_MS : every(request);
