import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

import type { Trial, TrialDifference } from "../../api/types";
import { useText, type MessageId } from "../../i18n/useText";
import { anythingDiffers, alike, approversDiffer } from "./groups";
import { Approvers } from "./Approvers";
import { TriedGroup } from "./TriedGroup";

interface Look {
  type: StatusIndicatorProps.Type;
  title: MessageId;
}

/** How each difference looks, in the order in which they are told. */
const LOOK: Record<TrialDifference, Look> = {
  gains: { type: "success", title: "trial.gains" },
  loses: { type: "error", title: "trial.loses" },
  changes: { type: "warning", title: "trial.changes" },
  refused: { type: "stopped", title: "trial.refused" },
  keeps: { type: "info", title: "trial.keeps" },
};

const DIFFERENCES = Object.keys(LOOK) as TrialDifference[];

/** What would be different, then what would not. */
export function TrialResult({ trial, isChange }: { trial: Trial; isChange: boolean }) {
  const text = useText();
  const groups = alike(trial.people);
  const nobody = Object.values(trial.counts).every((count) => count === 0);
  return (
    <SpaceBetween size="m">
      {isChange && !anythingDiffers(trial) && (
        <StatusIndicator type="info">{text("trial.noDifference")}</StatusIndicator>
      )}
      {!isChange && nobody && <StatusIndicator type="info">{text("trial.nobody")}</StatusIndicator>}
      {DIFFERENCES.filter((difference) => trial.counts[difference] > 0).map((difference) => {
        const count = trial.counts[difference];
        const { type, title } = LOOK[difference];
        const shown = groups.filter((group) => group.difference === difference);
        const heading = text(difference === "keeps" && !isChange ? "trial.can" : title, { count });
        const list = (
          <ul className="trial-groups" aria-label={heading}>
            {shown.map((group) => (
              <TriedGroup key={group.names.join()} group={group} />
            ))}
          </ul>
        );
        const unlisted = count - shown.reduce((sum, { names }) => sum + names.length, 0);
        const more = unlisted > 0 && (
          <Box color="text-body-secondary">{text("list.more", { count: unlisted })}</Box>
        );
        if (difference === "keeps" && isChange) {
          return (
            <ExpandableSection key={difference} headerText={heading}>
              {list}
              {more}
            </ExpandableSection>
          );
        }
        return (
          <section key={difference}>
            <StatusIndicator type={type}>{heading}</StatusIndicator>
            {list}
            {more}
          </section>
        );
      })}
      {approversDiffer(trial) ? (
        <>
          <Approvers title="trial.approversBefore" requirements={trial.requirements_before} />
          <Approvers title="trial.approversAfter" requirements={trial.requirements_after} />
        </>
      ) : (
        <Approvers
          title={isChange ? "trial.approversSame" : "trial.approvers"}
          requirements={trial.requirements_after}
        />
      )}
    </SpaceBetween>
  );
}
