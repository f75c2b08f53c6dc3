import type { Flash } from "./flashes";

export type ShownFlash = Flash & { id: string };

/** So many are shown at once. */
const AT_ONCE = 5;

/** With a further one, which takes the place of the one with its id, and what was done of what was done before. */
export function withFlash(all: ShownFlash[], flash: ShownFlash): ShownFlash[] {
  const goes = ({ id, own }: ShownFlash) => id === flash.id || (flash.own === true && own === true);
  return [...all.filter((shown) => !goes(shown)), flash].slice(-AT_ONCE);
}

/** Without one whose time is over; a later one that took its place by the same id has its own time. */
export const withoutFlash = (all: ShownFlash[], flash: ShownFlash): ShownFlash[] =>
  all.filter((shown) => shown !== flash);
