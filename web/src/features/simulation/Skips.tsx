import { useText, type MessageId } from "../../i18n/useText";
import { useKariLife } from "./kariLife";
import { useSkip } from "./useSimulation";

const SKIPS: { minutes: number; text: MessageId }[] = [
  { minutes: 15, text: "simulation.skip.quarter" },
  { minutes: 60, text: "simulation.skip.hour" },
  { minutes: 1440, text: "simulation.skip.day" },
];

/** Lets time pass quicker. */
export function Skips({ className }: { className: string }) {
  const text = useText();
  const skip = useSkip();
  const life = useKariLife();
  return (
    <div className={className} role="group" aria-label={text("simulation.skip")}>
      <span aria-hidden="true">{text("simulation.skip")}</span>
      {SKIPS.map((step) => (
        <button
          key={step.minutes}
          type="button"
          className="sim-button"
          disabled={skip.isPending || !life.up}
          aria-label={text("simulation.skipBy", { duration: text(step.text) })}
          onClick={() => skip.mutate(step.minutes)}
        >
          +{text(step.text)}
        </button>
      ))}
    </div>
  );
}
