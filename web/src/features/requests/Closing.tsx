import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";

import type { RequestView } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { EVIDENCE_TEXT } from "./closings";

/** What a closed request means for sessions: none can be opened any more, or the access stays. */
export function Closing({ request }: { request: RequestView }) {
  const { evidence, access_stays: stays, open_sessions_until: until } = request;
  const text = useText();
  if (evidence !== null && stays) {
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
