import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { SimulatedAssignment, SimulatedIdentityCenter, SimulatedOperation } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { Page } from "../../app/Page";
import { Waiting } from "../../app/Waiting";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { Empty } from "../requests/Empty";
import { CallList } from "./CallList";
import { useIdentityCenter } from "./useSimulation";

/** What AWS would show and hear: assignments, what is under way, and every call. */
export default function SimulationPage() {
  const text = useText();
  const { data, error, refetch } = useIdentityCenter();
  return (
    <Page title={text("nav.simulation")} description={text("simulation.pageHint")}>
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : (
          <ErrorNote error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <SpaceBetween size="l">
          <Assignments assignments={data.assignments} />
          <InFlight operations={data.operations} />
          <Calls data={data} />
        </SpaceBetween>
      )}
    </Page>
  );
}

function Assignments({ assignments }: { assignments: SimulatedAssignment[] }) {
  const text = useText();
  const title = text("assignments.title");
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${assignments.length})`} description={text("assignments.hint")}>
          {title}
        </Header>
      }
      disableContentPaddings={assignments.length > 0}
    >
      {assignments.length === 0 && (
        <Empty title={text("assignments.empty")} hint={text("assignments.emptyHint")} />
      )}
      <ul className="rows" aria-label={title}>
        {assignments.map((assignment) => (
          <Assignment
            key={`${assignment.account.id}${assignment.permission_set.arn}${assignment.principal.id}`}
            assignment={assignment}
          />
        ))}
      </ul>
    </Container>
  );
}

function Assignment({ assignment }: { assignment: SimulatedAssignment }) {
  const text = useText();
  const ours = assignment.created_by === "kari";
  const { principal } = assignment;
  return (
    <li className="row row-arrives">
      <div className="row-main">
        <div>
          <strong>{principal.name}</strong>{" "}
          {principal.kind === "group" && <span className="row-quiet">{text("directory.group")}</span>} ·{" "}
          {assignment.permission_set.name} · {assignment.account.name}{" "}
          <span className="account-id">{assignment.account.id}</span>
        </div>
        <div className="role-name">{assignment.role_name}</div>
      </div>
      <div className="row-side">
        <span className="badges">
          {assignment.orphaned && <Badge color="grey">{text("assignments.orphaned")}</Badge>}
          <Badge color={ours ? "blue" : "grey"}>
            {text(ours ? "assignments.ours" : "assignments.outside")}
          </Badge>
        </span>
        <span className="row-quiet">
          <Text id="assignments.since" values={{ since: <Moment at={assignment.since} /> }} />
        </span>
      </div>
    </li>
  );
}

function InFlight({ operations }: { operations: SimulatedOperation[] }) {
  const text = useText();
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${operations.length})`}>
          {text("operations.title")}
        </Header>
      }
    >
      {operations.length === 0 ? (
        <Box color="text-body-secondary">{text("operations.empty")}</Box>
      ) : (
        <SpaceBetween size="xs">
          {operations.map((operation) => (
            <StatusIndicator key={operation.id} type="in-progress">
              {text(operation.kind === "creation" ? "operations.creation" : "operations.deletion", {
                permissionSet: operation.permission_set.name,
                account: operation.account.name,
                user: operation.user.display_name,
              })}
            </StatusIndicator>
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

function Calls({ data }: { data: SimulatedIdentityCenter }) {
  const text = useText();
  const totals = Object.entries(data.totals).sort(([, a], [, b]) => b - a);
  return (
    <Container header={<Header variant="h2">{text("call.title")}</Header>}>
      <SpaceBetween size="m">
        <ul className="totals" aria-label={text("call.totals")}>
          {totals.map(([operation, count]) => (
            <li key={operation}>
              <span className="call-operation">{operation}</span> {count}
            </li>
          ))}
        </ul>
        <div className="calls-page">
          <CallList calls={data.calls} limit={200} />
        </div>
      </SpaceBetween>
    </Container>
  );
}
