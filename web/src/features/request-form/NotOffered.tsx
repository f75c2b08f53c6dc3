import Alert from "@cloudscape-design/components/alert";

import { useJoin } from "../../i18n/useJoin";
import { useProblemText } from "../../i18n/useProblemText";
import { useReasonText } from "../../i18n/useReasonText";
import { useText } from "../../i18n/useText";
import type { Obstacle } from "./obstacles";
import type { Missed } from "./useNotOffered";

/** What was asked for, mostly by a link, and is not there to be chosen; each with the reason. */
export function NotOffered({ missed }: { missed: Missed[] }) {
  const text = useText();
  const join = useJoin();
  const problemText = useProblemText();
  const reasonText = useReasonText();
  /** Of a problem its title: what to do about it is to choose something else. */
  const told = (obstacle: Obstacle) =>
    "error" in obstacle ? problemText(obstacle.error).header : reasonText(obstacle.reason);
  if (missed.length === 0) return null;
  const accounts = missed.some(({ kind }) => kind === "account");
  const unknown = {
    account: "form.notOfferedReasonAccount",
    "permission-set": "form.notOfferedReason",
  } as const;
  const line = ({ kind, name, bearers, why }: Missed) => {
    if (bearers.length > 0)
      return text("form.ambiguousAccount", { name, ids: join(bearers.map(({ id }) => id)) });
    const reason = why.length > 0 ? why.map(told).join(" ") : text(unknown[kind]);
    return text(kind === "account" ? "form.notOfferedAccount" : "form.notOfferedSet", { name, reason });
  };
  return (
    <Alert type="warning" header={text("form.notOffered")}>
      {missed.map((one) => (
        <div key={`${one.kind} ${one.name}`}>{line(one)}</div>
      ))}
      <div>{text(accounts ? "form.notOfferedHint" : "form.notOfferedHintSet")}</div>
    </Alert>
  );
}
