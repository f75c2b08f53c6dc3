import Box from "@cloudscape-design/components/box";

import type { RequirementOutlook } from "../../api/types";
import { useJoin } from "../../i18n/useJoin";
import { useText, type MessageId } from "../../i18n/useText";

/** Who must approve where approval is needed. */
export function Approvers({ title, requirements }: { title: MessageId; requirements: RequirementOutlook[] }) {
  const text = useText();
  const join = useJoin();
  return (
    <section>
      <Box variant="h3" fontSize="body-m">
        {text(title)}
      </Box>
      {requirements.length === 0 && <div className="row-quiet">{text("trial.noApprovers")}</div>}
      <ul className="reviewers">
        {requirements.map(({ policy, quorum, reviewers, reviewers_count: count }, index) => (
          <li key={`${policy.id}-${index}`}>
            <div>{text("verdict.quorum", { quorum, count })}</div>
            <div className="reviewer-names">
              {join(
                reviewers.map(({ display_name }) => display_name),
                count - reviewers.length,
              )}
            </div>
            <div className="row-quiet">{policy.name}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
