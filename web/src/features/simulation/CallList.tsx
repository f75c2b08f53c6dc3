import type { SimulatedCall } from "../../api/types";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { toneOf, type Tone } from "./callTone";
import { FAULTS } from "./faults";

const TONE_TEXT: Record<Tone, MessageId> = {
  good: "call.good",
  waiting: "call.waiting",
  bad: "call.bad",
};

/** The calls that Identity Center received, newest on top; new ones slide in. */
export function CallList({ calls, limit }: { calls: SimulatedCall[]; limit: number }) {
  const text = useText();
  const times = useTimes();
  if (calls.length === 0) return <p className="stage-quiet">{text("call.none")}</p>;
  return (
    <ol className="calls" aria-label={text("call.title")} tabIndex={0}>
      {keyed(calls)
        .slice(0, limit)
        .map(({ key, call }) => {
          const tone = toneOf(call.outcome);
          return (
            <li key={key} className="call">
              <span className="call-at">{times.clock(call.at)}</span>
              <span className="call-what">
                <span className="call-operation">{call.operation}</span>
                <span className="call-target">{call.target}</span>
                {call.fault != null && <span className="call-fault">{text(FAULTS[call.fault].mark)}</span>}
              </span>
              <span className={`call-outcome call-${tone}`} title={text(TONE_TEXT[tone])}>
                {call.outcome}
              </span>
            </li>
          );
        })}
    </ol>
  );
}

/** Calls have no id: the same call again at the same instant is told apart by counting from the oldest. */
function keyed(calls: SimulatedCall[]): { key: string; call: SimulatedCall }[] {
  const seen = new Map<string, number>();
  return calls
    .toReversed()
    .map((call) => {
      const plain = `${call.at} ${call.operation} ${call.target} ${call.outcome}`;
      const count = (seen.get(plain) ?? 0) + 1;
      seen.set(plain, count);
      return { key: `${plain} ${count}`, call };
    })
    .toReversed();
}
