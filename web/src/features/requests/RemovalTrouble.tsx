import Alert from "@cloudscape-design/components/alert";

import type { RequestView } from "../../api/types";
import { useReasonText } from "../../i18n/useReasonText";
import { useText } from "../../i18n/useText";

export const isInTrouble = (removal: RequestView["removal"]): boolean =>
  removal !== null && (removal.blocked !== null || removal.overdue);

/** That the access still exists although its time is over, and why. */
export function RemovalTrouble({ request: { removal } }: { request: Pick<RequestView, "removal"> }) {
  const text = useText();
  const reasonText = useReasonText();
  if (removal === null || !isInTrouble(removal)) return null;
  if (removal.blocked === null)
    return (
      <Alert type="error" header={text("removal.overdue")}>
        {text("removal.overdueHint")}
      </Alert>
    );
  return (
    <Alert type="error" header={text("removal.blocked")}>
      <div>{reasonText(removal.blocked)}</div>
      <div>{text("removal.blockedHint")}</div>
    </Alert>
  );
}
