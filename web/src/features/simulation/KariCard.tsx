import { Text, useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { useKariLife, type Crash } from "./kariLife";

/** The process itself: alive, or dead and coming back. */
export function KariCard() {
  const text = useText();
  const times = useTimes();
  const life = useKariLife();
  return (
    <div className={life.up ? "kari" : "kari kari-down"}>
      <span className={life.up ? "pulse pulse-large" : "pulse pulse-large pulse-down"} aria-hidden="true" />
      <div>
        <div role="status">
          <div className="kari-state">{text(life.up ? "kari.up" : "kari.down")}</div>
          {!life.up && life.downSince !== undefined && (
            <div className="kari-story">
              {text("kari.crashedAt", { at: times.clock(life.downSince.server) })}
            </div>
          )}
          {life.up && life.crash !== undefined && <Story crash={life.crash} />}
          {life.up && life.crash === undefined && (
            <div className="kari-story">{text("kari.neverCrashed")}</div>
          )}
        </div>
      </div>
    </div>
  );
}

function Story({ crash }: { crash: Crash }) {
  const text = useText();
  const times = useTimes();
  const seconds = (crash.backAfterMs / 1000).toFixed(1);
  const back = text("kari.back", { at: times.clock(crash.at), seconds });
  if (crash.kept === undefined) return <div className="kari-story">{back}</div>;
  const { before, after } = crash.kept;
  const kept =
    after === before
      ? text("kari.nothingLost", { count: before })
      : text("kari.lost", { count: before - after });
  return (
    <div className="kari-story">
      <Text id="list.sentences" values={{ first: back, next: <strong>{kept}</strong> }} />
    </div>
  );
}
