import type { FaultKind } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

interface FaultText {
  name: MessageId;
  hint: MessageId;
  /** Beside a call that it struck. */
  mark: MessageId;
  /** A path in a square of 24. */
  symbol: string;
}

export const FAULTS: Record<FaultKind, FaultText> = {
  throttle: {
    name: "fault.throttle",
    hint: "fault.throttle.hint",
    mark: "call.fault.throttle",
    symbol: "M7 3h10M7 21h10M8 3c0 5 8 6 8 9s-8 4-8 9M16 3c0 5-8 6-8 9s8 4 8 9",
  },
  "lose-next-response": {
    name: "fault.lose",
    hint: "fault.lose.hint",
    mark: "call.fault.lose",
    symbol: "M3 6h18v12H3zM3 7l9 7 9-7M16 21l5-5M21 21l-5-5",
  },
  "fail-after-accepting": {
    name: "fault.fail",
    hint: "fault.fail.hint",
    mark: "call.fault.fail",
    symbol: "M13 2L5 14h6l-1 8 9-13h-6z",
  },
};

/** A circle with a cross: the process dies. */
export const CRASH_SYMBOL = "M12 3a9 9 0 1 0 .01 0M9 9l6 6M15 9l-6 6";

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];
