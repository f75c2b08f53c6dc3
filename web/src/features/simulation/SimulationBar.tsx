import { useText } from "../../i18n/useText";
import { useServerNow } from "../../time/serverClock";
import { useTimes } from "../../time/useTimes";
import { useKariLife } from "./kariLife";
import { useSimulation, useSkip } from "./useSimulation";

const SKIPS = [15, 60, 1440];

/** Says that nothing here is real, tells the time, and lets it pass quicker. */
export function SimulationBar({ theatreOpen, onTheatre }: { theatreOpen: boolean; onTheatre: () => void }) {
  const text = useText();
  const times = useTimes();
  const { data: simulation } = useSimulation();
  const skip = useSkip();
  const life = useKariLife();
  const faults = simulation?.faults.length ?? 0;
  return (
    <div className="sim-bar" role="region" aria-label={text("simulation.bar")}>
      <span className="sim-label" title={text("simulation.hint")}>
        {text("simulation.label")}
      </span>
      <Clock skipped={simulation?.skipped_minutes ?? 0} />
      <div className="sim-skips" role="group" aria-label={text("simulation.skip")}>
        <span className="sim-skip-word" aria-hidden="true">
          {text("simulation.skip")}
        </span>
        {SKIPS.map((minutes) => (
          <button
            key={minutes}
            type="button"
            className="sim-button"
            disabled={skip.isPending || !life.up}
            aria-label={text("simulation.skipBy", { duration: times.duration(minutes) })}
            onClick={() => skip.mutate(minutes)}
          >
            +{times.duration(minutes)}
          </button>
        ))}
      </div>
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

function Clock({ skipped }: { skipped: number }) {
  const text = useText();
  const times = useTimes();
  const now = useServerNow();
  return (
    <span className="sim-clock">
      <span className="sim-day">{times.day(now)}</span> <span className="sim-time">{times.clock(now)}</span>
      {skipped > 0 && (
        <span className="sim-skipped">
          {text("simulation.skipped", { duration: times.duration(skipped) })}
        </span>
      )}
    </span>
  );
}
