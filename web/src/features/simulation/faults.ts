import type { FaultKind } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

interface FaultText {
  name: MessageId;
  hint: MessageId;
  symbol: string;
}

export const FAULTS: Record<FaultKind, FaultText> = {
  throttle: { name: "fault.throttle", hint: "fault.throttle.hint", symbol: "⏳" },
  "lose-next-response": { name: "fault.lose", hint: "fault.lose.hint", symbol: "✉" },
  "fail-after-accepting": { name: "fault.fail", hint: "fault.fail.hint", symbol: "⚡" },
};

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];
