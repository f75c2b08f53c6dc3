import { useIntl } from "react-intl";

import type { Reason } from "../api/types";
import { useTimes } from "../time/useTimes";

/** A reason in the reader's language; its English sentence if the code is newer than this portal. */
export function useReasonText(): (reason: Reason) => string {
  const intl = useIntl();
  const times = useTimes();
  return (reason) => {
    const id = `reason.${reason.code}`;
    if (!(id in intl.messages)) return reason.sentence;
    return intl.formatMessage({ id }, flatten(reason.parameters, times.duration));
  };
}

/** Minutes become durations, policies their names; everything else is text. */
function flatten(parameters: Record<string, unknown>, duration: (minutes: number) => string) {
  const entries = Object.entries(parameters).map(([name, value]) => {
    if (typeof value === "number" && name.endsWith("minutes")) return [name, duration(value)] as const;
    if (typeof value === "object" && value !== null && "name" in value)
      return [name, String(value.name)] as const;
    return [name, typeof value === "number" ? value : typeof value === "string" ? value : ""] as const;
  });
  return Object.fromEntries<string | number>([["policy", ""], ...entries]);
}
