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
  const say = useCoded();
  return (reason) => {
    const sentence = say(own[reason.code] ?? `reason.${reason.code}`, reason);
    const { code }: Record<string, unknown> = reason.parameters;
    const cause = typeof code === "string" ? `reason.${code}` : "";
    return cause in intl.messages ? `${sentence} ${intl.formatMessage({ id: cause })}` : sentence;
  };
}

/** The same for what is found about a policy. */
export function useFindingText(): (finding: Reason) => string {
  const say = useCoded();
  return (finding) => say(`finding.${finding.code}`, finding);
}

/** What has a code, by the id of its text. */
function useCoded(): (id: string, coded: Reason) => string {
  const intl = useIntl();
  const times = useTimes();
  return (id, { sentence, parameters }) => {
    if (!(id in intl.messages)) return sentence;
    const values = flatten(parameters, times.duration);
    const field = fieldText(String(values.field ?? ""));
    const named = field === undefined ? {} : { field: intl.formatMessage({ id: field }) };
    return intl.formatMessage({ id }, { ...values, ...named });
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
