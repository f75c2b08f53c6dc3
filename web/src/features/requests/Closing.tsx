import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";

import type { Evidence } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { EVIDENCE_TEXT, stays } from "./closings";

interface Props {
  evidence: Evidence | null;
  openSessionsUntil: string | null;
}

/** What a closed request means for sessions: none can be opened any more, or the access stays. */
export function Closing({ evidence, openSessionsUntil: until }: Props) {
  const text = useText();
  if (evidence !== null && stays(evidence)) {
    return (
      <Alert type="warning" header={text(EVIDENCE_TEXT[evidence.kind])}>
        {text("closed.stays")}
      </Alert>
    );
  }
  return until === null ? null : (
    <Box color="text-body-secondary">
      <Text id="closed.sessions" values={{ until: <Moment at={until} /> }} />
    </Box>
  );
}
