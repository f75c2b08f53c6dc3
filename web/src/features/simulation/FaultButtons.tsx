import type { FaultKind, Simulation } from "../../api/types";
import { useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { CRASH_SYMBOL, FAULT_KINDS, FAULTS } from "./faults";
import { useKariLife } from "./kariLife";
import { useCrash, useFault } from "./useSimulation";

/** The ways in which the world may go wrong, each one press away. */
export function FaultButtons({ simulation }: { simulation: Simulation | undefined }) {
  const text = useText();
  const life = useKariLife();
  const inject = useFault();
  const crash = useCrash();
  return (
    <div className="faults" role="group" aria-label={text("theatre.faults")}>
      {FAULT_KINDS.map((kind) => (
        <Fault
          key={kind}
          kind={kind}
          active={simulation?.faults.find((fault) => fault.kind === kind)}
          disabled={!life.up || inject.isPending}
          onPress={() => inject.mutate(kind)}
        />
      ))}
      <button
        type="button"
        className={life.up ? "fault fault-crash" : "fault fault-crash fault-active"}
        disabled={!life.up || crash.isPending}
        onClick={() => crash.mutate()}
      >
        <Symbol path={CRASH_SYMBOL} />
        <span className="fault-name">{text("fault.crash")}</span>
        <span className="fault-hint">{text("fault.crash.hint")}</span>
      </button>
    </div>
  );
}

interface FaultProps {
  kind: FaultKind;
  active: Simulation["faults"][number] | undefined;
  disabled: boolean;
  onPress: () => void;
}

function Fault({ kind, active, disabled, onPress }: FaultProps) {
  const text = useText();
  const { name, hint, symbol } = FAULTS[kind];
  return (
    <button
      type="button"
      className={active === undefined ? "fault" : "fault fault-active"}
      disabled={disabled}
      onClick={onPress}
    >
      <Symbol path={symbol} />
      <span className="fault-name">{text(name)}</span>
      <span className="fault-hint">{text(hint)}</span>
      {active !== undefined && (
        <span className="fault-state">
          {active.until == null ? text("theatre.armed") : <Countdown until={active.until} />}
        </span>
      )}
    </button>
  );
}

function Symbol({ path }: { path: string }) {
  return (
    <svg className="fault-symbol" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
