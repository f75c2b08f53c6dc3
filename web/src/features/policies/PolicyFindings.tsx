import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { PolicyFinding } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteLink } from "../../app/links";
import { useFindingText } from "../../i18n/useReasonText";
import { Text, useText } from "../../i18n/useText";
import { KIND_TEXT, policyHref, SEVERITY_TEXT } from "./kinds";
import { usePolicyFindings } from "./queries";

/** What is worth knowing about the policies; nothing where there is nothing. */
export function AllPolicyFindings() {
  const query = usePolicyFindings();
  if (query.data === undefined) {
    return query.isError ? <ErrorNote error={query.error} onRetry={() => void query.refetch()} /> : null;
  }
  return <Findings findings={query.data.items} named />;
}

/** What is worth knowing about one policy. */
export function FindingsOf({ kind, id }: Pick<PolicyFinding, "kind"> & { id: string }) {
  const { data } = usePolicyFindings();
  const own = data?.items.filter((finding) => finding.kind === kind && finding.policy.id === id) ?? [];
  return <Findings findings={own} />;
}

function Findings({ findings, named = false }: { findings: PolicyFinding[]; named?: boolean }) {
  const text = useText();
  if (findings.length === 0) return null;
  return (
    <Container header={<Header variant="h2">{text("finding.title")}</Header>} disableContentPaddings>
      <ul className="rows" aria-label={text("finding.title")}>
        {findings.map((finding) => (
          <Finding key={keyOf(finding)} finding={finding} named={named} />
        ))}
      </ul>
    </Container>
  );
}

function Finding({ finding, named }: { finding: PolicyFinding; named: boolean }) {
  const text = useText();
  const sentence = useFindingText()(finding.what);
  const { kind, policy, severity } = finding;
  return (
    <li className="row">
      <div className="row-main news">
        <StatusIndicator type={severity} iconAriaLabel={text(SEVERITY_TEXT[severity])} />
        <span>
          {named ? (
            <Text
              id="finding.about"
              values={{
                policy: <RouteLink href={policyHref(kind, policy.id)}>{policy.name}</RouteLink>,
                kind: text(KIND_TEXT[kind].title),
                sentence,
              }}
            />
          ) : (
            sentence
          )}
        </span>
      </div>
    </li>
  );
}

const keyOf = ({ kind, policy, what }: PolicyFinding) =>
  JSON.stringify([kind, policy.id, what.code, what.parameters]);
