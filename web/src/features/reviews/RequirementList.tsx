import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { RequestView } from "../../api/types";
import { useJoin } from "../../i18n/useJoin";
import { useText } from "../../i18n/useText";
import { AllNeeded } from "./AllNeeded";
import { useSlack } from "../slack/useSlack";

/** So many of those who could approve are named. */
const NAMED = 5;

/** Which approvals there are, which are still missing, and from whom they could come. */
export function RequirementList({ request }: { request: Pick<RequestView, "requirements" | "actions"> }) {
  const text = useText();
  const join = useJoin();
  const slack = useSlack();
  const { requirements, actions } = request;
  // Where there is no Slack, everything is approved in the portal; and who may approve stands in it already.
  const tellsWhere = slack.on === true && !actions.includes("approve");
  if (requirements.length === 0) return null;
  const others = ({ reviewers, reviewers_count: count }: RequestView["requirements"][number]) => {
    const named = reviewers.slice(0, NAMED).map(({ display_name }) => display_name);
    return text("review.others", { names: join(named, count - named.length) });
  };
  return (
    <div>
      <AllNeeded of={requirements} />
      <ul className="requirements" aria-label={text("review.requirements")}>
        {requirements.map((requirement, index) => {
          const { met } = requirement;
          const names = join(requirement.met_by.map((person) => person.display_name));
          return (
            <li className="requirement-line" key={`${requirement.policy.id}-${index}`}>
              <StatusIndicator type={met ? "success" : "pending"} />
              <div>
                {text("review.progress", {
                  policy: requirement.policy.name,
                  met: requirement.met_by.length,
                  quorum: requirement.quorum,
                })}
                {names !== "" && ` · ${names}`}
                {!met && requirement.reviewers_count > 0 && (
                  <div className="row-quiet">{others(requirement)}</div>
                )}
                {!met && requirement.portal_only && tellsWhere && (
                  <div className="row-quiet">{text("review.portalOnly")}</div>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
