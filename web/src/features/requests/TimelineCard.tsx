import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Steps, { type StepsProps } from "@cloudscape-design/components/steps";

import type { RequestDetail } from "../../api/types";
import { useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { endsEarly } from "./early";
import { useTimelineEntry } from "./timeline";

/** Everything that happened, in plain words, and what is still to come. */
export function TimelineCard({ request }: { request: RequestDetail }) {
  const text = useText();
  const { describe, next } = useTimelineEntry();
  const course = { early: endsEarly(request), kept: request.access_stays };
  const past = request.timeline.map((entry): StepsProps.Step => {
    const { status, sentence, details } = describe(entry, course);
    return {
      status,
      statusIconAriaLabel: status,
      header: <span className="timeline-sentence">{sentence}</span>,
      details: (
        <div className="timeline-details">
          <div>
            <Moment at={entry.at} />
            {entry.cause === "slack" && ` · ${text("event.inSlack")}`}
          </div>
          {details !== undefined && details !== false && <div>{details}</div>}
        </div>
      ),
    };
  });
  const coming = next(request);
  const steps = coming === undefined ? past : [...past, coming];
  return (
    <Container header={<Header variant="h2">{text("details.timeline")}</Header>}>
      <Steps steps={steps} renderStep={withIcon} ariaLabel={text("details.timeline")} />
    </Container>
  );
}

/** The icon in a column of its own, so that long sentences stay beside it. */
function withIcon({ status, statusIconAriaLabel, header, details }: StepsProps.Step) {
  return {
    icon: <StatusIndicator type={status} iconAriaLabel={statusIconAriaLabel ?? status} />,
    header,
    details,
  };
}
