/** Splits whole minutes for the catalogue's `duration.*` texts; the whole days are among the hours too. */
export function partsOfMinutes(minutes: number): { days: number; hours: number; minutes: number } {
  return { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

/** Whole days, and the minutes that are left. */
export const daysAndRest = (minutes: number): { days: number; rest: number } => ({
  days: Math.floor(minutes / 1440),
  rest: minutes % 1440,
});

/** The minutes of a written duration: `90`, `90m`, `2h` or `1h30m`; of anything else none. */
export function minutesOf(written: string): number | undefined {
  const told = /^(?:(\d{1,6})h)?(?:(\d{1,6})(?:m|min)?)?$/.exec(written.toLowerCase().replaceAll(" ", ""));
  const [, hours = "0", minutes = "0"] = told ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return told !== null && total > 0 ? total : undefined;
}

const two = (n: number) => String(n).padStart(2, "0");

/** `9:05`, `1:09:05`, and with whole days as the catalogue writes them `2d 1:09:05`; never below `0:00`. */
export function formatCountdown(
  milliseconds: number,
  withDays: (days: number, rest: string) => string,
): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [days, hours] = [Math.floor(seconds / 86400), Math.floor((seconds % 86400) / 3600)];
  const [minutes, rest] = [Math.floor((seconds % 3600) / 60), seconds % 60];
  if (days === 0 && hours === 0) return `${minutes}:${two(rest)}`;
  const clock = `${hours}:${two(minutes)}:${two(rest)}`;
  return days > 0 ? withDays(days, clock) : clock;
}

/** How much of a window has passed, from 0 to 1. */
export function elapsedShare(startsAt: number, expiresAt: number, now: number): number {
  if (expiresAt <= startsAt) return 1;
  return Math.min(1, Math.max(0, (now - startsAt) / (expiresAt - startsAt)));
}
