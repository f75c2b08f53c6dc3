import { useIntl } from "react-intl";

import { useText } from "../i18n/useText";
import { partsOfMinutes } from "./duration";
import { serverNow } from "./serverClock";

/** How instants and durations are written, in the reader's language and time zone. */
export function useTimes() {
  const intl = useIntl();
  const text = useText();
  const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();
  const thisYear = (at: Date) => at.getFullYear() === new Date(serverNow()).getFullYear();
  const day = (at: Date) =>
    intl.formatDate(at, {
      weekday: "short",
      day: "numeric",
      month: "short",
      ...(thisYear(at) ? {} : { year: "numeric" }),
    });
  const time = (at: Date) => intl.formatTime(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return {
    /** `14:32` today, `Sat, 23 Nov, 14:32` otherwise; with the year where it is another one. */
    moment(instant: string): string {
      const at = new Date(instant);
      if (sameDay(at, new Date(serverNow()))) return time(at);
      return text("time.dayAndTime", { day: day(at), time: time(at) });
    },
    /** With seconds, as a log writes it. */
    clock(instant: string | number): string {
      return intl.formatTime(new Date(instant), {
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
      });
    },
    /** In full, with the time zone. */
    full(instant: string): string {
      return intl.formatDate(new Date(instant), { dateStyle: "full", timeStyle: "long" });
    },
    /** In which time zone instants are shown: `Asia/Tokyo (GMT+9)`. */
    zone(instant: string | number): string {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const parts = intl.formatDateToParts(new Date(instant), { timeZoneName: "short" });
      const short = parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
      return short === timeZone ? short : text("time.zone", { zone: timeZone, short });
    },
    /** `Sat, 23 Nov`; with the year where it is another one. */
    day: (instant: string | number): string => day(new Date(instant)),
    /** `15 min`, `2 h`, `1 h 30 min`. */
    duration: (total: number): string => {
      const { days, hours, minutes } = partsOfMinutes(total);
      if (days > 1 && hours % 24 === 0 && minutes === 0) return text("duration.days", { days });
      if (hours === 0) return text("duration.minutes", { minutes });
      if (minutes === 0) return text("duration.hours", { hours });
      return text("duration.hoursAndMinutes", { hours, minutes });
    },
  };
}
