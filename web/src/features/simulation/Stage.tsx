import { useIsPhone } from "../../app/useIsPhone";
import { useText } from "../../i18n/useText";
import { CallList } from "./CallList";
import { FaultButtons } from "./FaultButtons";
import { KariCard } from "./KariCard";
import { Skips } from "./Skips";
import { useIdentityCenter, useSimulation } from "./useSimulation";
import { Watch } from "./Watch";

/** The fault theatre: what goes wrong, what Kari does about it, and that access ends all the same. */
export function Stage() {
  const text = useText();
  const phone = useIsPhone();
  const { data: simulation } = useSimulation();
  const { data: identityCenter } = useIdentityCenter();
  return (
    <div className="stage">
      <section className="stage-part" aria-label={text("theatre.faults")}>
        {phone && <Skips className="stage-skips" />}
        <h3 className="stage-title">{text("theatre.faults")}</h3>
        <FaultButtons simulation={simulation} />
      </section>
      <section className="stage-part" aria-label={text("theatre.watch")}>
        <h3 className="stage-title">{text("theatre.kari")}</h3>
        <KariCard />
        <h3 className="stage-title">{text("theatre.watch")}</h3>
        <Watch />
      </section>
      <section className="stage-part" aria-label={text("call.title")}>
        <h3 className="stage-title">{text("call.title")}</h3>
        <CallList calls={identityCenter?.calls ?? []} limit={40} />
      </section>
    </div>
  );
}
