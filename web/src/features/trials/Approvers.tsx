import Box from "@cloudscape-design/components/box";

import type { RequirementOutlook } from "../../api/types";
import { useText, type MessageId } from "../../i18n/useText";

/** Who must approve where approval is needed. */
export function Approvers({ title, requirements }: { title: MessageId; requirements: RequirementOutlook[] }) {
  const text = useText();
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
              {reviewers.map(({ display_name }) => display_name).join(", ")}
              {count > reviewers.length && ` ${text("verdict.more", { count: count - reviewers.length })}`}
            </div>
            <div className="row-quiet">{policy.name}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
