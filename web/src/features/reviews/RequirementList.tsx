import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { RequestView } from "../../api/types";
import { useText } from "../../i18n/useText";

/** Which approvals there are and which are still missing. */
export function RequirementList({ requirements }: { requirements: RequestView["requirements"] }) {
  const text = useText();
  if (requirements.length === 0) return null;
  return (
    <ul className="requirements" aria-label={text("review.requirements")}>
      {requirements.map((requirement, index) => {
        const met = requirement.met_by.length >= requirement.quorum;
        const names = requirement.met_by.map((person) => person.display_name).join(", ");
        return (
          <li key={`${requirement.policy.id}-${index}`}>
            <StatusIndicator type={met ? "success" : "pending"}>
              {text("review.progress", {
                policy: requirement.policy.name,
                met: requirement.met_by.length,
                quorum: requirement.quorum,
              })}
              {names !== "" && ` · ${names}`}
            </StatusIndicator>
          </li>
        );
      })}
    </ul>
  );
}
