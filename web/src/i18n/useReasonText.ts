import { useIntl } from "react-intl";

import type { Reason } from "../api/types";
import { fieldText } from "./fields";
import type { MessageId } from "./useText";
import { useTimes } from "../time/useTimes";

/**
 * A reason in the reader's language, for some codes in words of one's own; its English sentence if the
 * code is newer than this portal.
 */
export function useReasonText(own: Partial<Record<string, MessageId>> = {}): (reason: Reason) => string {
  const intl = useIntl();
  const times = useTimes();
  return (reason) => {
    const id = own[reason.code] ?? `reason.${reason.code}`;
    if (!(id in intl.messages)) return reason.sentence;
    const values = flatten(reason.parameters, times.duration);
    const field = fieldText(String(values.field ?? ""));
    const named = field === undefined ? {} : { field: intl.formatMessage({ id: field }) };
    const sentence = intl.formatMessage({ id }, { ...values, ...named });
    const cause = `reason.${values.code ?? ""}`;
    return cause in intl.messages ? `${sentence} ${intl.formatMessage({ id: cause })}` : sentence;
  };
}

/** Minutes become durations, people and policies their names; everything else is text. */
function flatten(
  parameters: Record<string, unknown>,
  duration: (minutes: number) => string,
): Record<string, string | number> {
  const ofMinutes = typeof parameters.field === "string" && parameters.field.endsWith("minutes");
  const entries = Object.entries(parameters).map(([name, value]): [string, string | number] => {
    if (typeof value === "number")
      return [name, ofMinutes || name.endsWith("minutes") ? duration(value) : value];
    return [name, typeof value === "string" ? value : labelOf(value)];
  });
  return { policy: "", ...Object.fromEntries(entries) };
}

function labelOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  if ("name" in value && typeof value.name === "string") return value.name;
  if ("display_name" in value && typeof value.display_name === "string") return value.display_name;
  return "";
}
