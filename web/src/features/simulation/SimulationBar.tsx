import { useText } from "../../i18n/useText";
import { daysAndRest } from "../../time/duration";
import { useServerNow } from "../../time/serverClock";
import { useTimes } from "../../time/useTimes";
import { useKariLife } from "./kariLife";
import { Skips } from "./Skips";
import { useSimulation } from "./useSimulation";

/** Says that nothing here is real, tells the time, and lets it pass quicker. */
export function SimulationBar({ theatreOpen, onTheatre }: { theatreOpen: boolean; onTheatre: () => void }) {
  const text = useText();
  const { data: simulation } = useSimulation();
  const life = useKariLife();
  const faults = simulation?.faults.length ?? 0;
  return (
    <div className="sim-bar" role="region" aria-label={text("simulation.bar")}>
      <span className="sim-label" title={text("simulation.hint")}>
        {text("simulation.label")}
      </span>
      <Clock skipped={simulation?.skipped_minutes ?? 0} />
      <Skips className="sim-skips" />
      <button
        type="button"
        className="sim-button sim-theatre"
        aria-expanded={theatreOpen}
        onClick={onTheatre}
      >
        <span className={life.up ? "pulse" : "pulse pulse-down"} aria-hidden="true" />
        {text("theatre.title")}
        {faults > 0 && <span className="sim-count">{faults}</span>}
      </button>
    </div>
  );
}

/** So much time was skipped; days are told as such, because they are what one skips. */
function useSkippedText(): (minutes: number) => string {
  const text = useText();
  const times = useTimes();
  return (minutes) => {
    const { days, rest } = daysAndRest(minutes);
    if (days === 0) return text("simulation.skipped", { duration: times.duration(minutes) });
    if (rest === 0) return text("simulation.skippedDays", { days });
    return text("simulation.skippedDaysAndMore", { days, rest: times.duration(rest) });
  };
}

function Clock({ skipped }: { skipped: number }) {
  const times = useTimes();
  const skippedText = useSkippedText();
  const now = useServerNow();
  return (
    <span className="sim-clock">
      <span className="sim-day">{times.day(now)}</span> <span className="sim-time">{times.clock(now)}</span>
      {skipped > 0 && <span className="sim-skipped">{skippedText(skipped)}</span>}
    </span>
  );
}
