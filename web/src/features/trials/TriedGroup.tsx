import type { Reach } from "../../api/types";
import { useJoin } from "../../i18n/useJoin";
import { useReasonTextOfOthers } from "../../i18n/useReasonTextOfOthers";
import { useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import type { Alike } from "./groups";

/** So many names are told; the rest is a number. */
const NAMED = 10;

/** People for whom it would be the same, and what it would be. */
export function TriedGroup({ group }: { group: Alike }) {
  const text = useText();
  const join = useJoin();
  const reasonText = useReasonTextOfOthers();
  const reach = useReachText();
  const named = join(group.names.slice(0, NAMED), group.names.length - NAMED);
  const before = group.before === null ? text("trial.nothing") : reach(group.before);
  const after = group.after === null ? text("trial.nothing") : reach(group.after);
  return (
    <li>
      <div className="row-person">{named}</div>
      {group.difference === "keeps" && <div>{after}</div>}
      {group.difference === "gains" && <div>{after}</div>}
      {(group.difference === "changes" || group.difference === "loses") && (
        <>
          <div>
            <s>{before}</s>
          </div>
          <div>{text("trial.then", { after })}</div>
        </>
      )}
      {group.reasons.map((reason) => (
        <div key={reason.code} className="row-quiet">
          {reasonText(reason)}
        </div>
      ))}
    </li>
  );
}

/** `up to 1 h without approval, up to 4 h with approval, with a ticket` */
function useReachText(): (reach: Reach) => string {
  const text = useText();
  const join = useJoin();
  const times = useTimes();
  return ({ max_duration_minutes: longest, max_duration_without_approval_minutes: free, ticket_required }) =>
    join(
      [
        free === null ? "" : text("trial.free", { duration: times.duration(free) }),
        free === longest ? "" : text("trial.approved", { duration: times.duration(longest) }),
        ticket_required ? text("trial.ticket") : "",
      ].filter((part) => part !== ""),
    );
}
