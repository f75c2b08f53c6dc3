import { useText } from "../i18n/useText";
import { formatCountdown } from "./duration";
import { useServerNow } from "./serverClock";
import { useTimes } from "./useTimes";

/** The time left until an instant. Read out in minutes, because seconds would never stop talking. */
export function Countdown({ until, large = false }: { until: string; large?: boolean }) {
  const left = Date.parse(until) - useServerNow();
  const text = useText();
  const times = useTimes();
  const spoken = text("time.left", { duration: times.duration(Math.max(0, Math.ceil(left / 60000))) });
  const size = large ? "countdown countdown-large" : "countdown";
  return (
    <span className={left < 5 * 60_000 ? `${size} countdown-soon` : size} role="timer" aria-label={spoken}>
      {formatCountdown(left, (days, rest) => text("time.countdownDays", { days, rest }))}
    </span>
  );
}
