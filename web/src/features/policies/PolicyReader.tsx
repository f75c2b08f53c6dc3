import Container from "@cloudscape-design/components/container";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { AnyPolicy, Policies, PolicyKind } from "../../api/types";
import { Page } from "../../app/Page";
import { useIsPhone } from "../../app/useIsPhone";
import { useText } from "../../i18n/useText";
import { KIND_TEXT } from "./kinds";
import { FindingsOf } from "./PolicyFindings";
import { usePolicySummaries, type PolicySummary } from "./PolicySummary";

/** A policy for those who may only read it: in words, and as it is stored. */
export function PolicyReader({ kind, policy }: { kind: PolicyKind; policy: AnyPolicy }) {
  const text = useText();
  const phone = useIsPhone();
  const summarize = usePolicySummaries([policy]).summaries[kind] as (
    policy: Policies[PolicyKind],
  ) => PolicySummary;
  const { who, where, what, rules } = summarize(policy);
  return (
    <Page title={policy.name} description={text(KIND_TEXT[kind].hint)}>
      <SpaceBetween size="l">
        <FindingsOf kind={kind} id={policy.id} />
        <Container>
          <KeyValuePairs
            columns={phone ? 1 : 2}
            items={[
              ...(who === undefined ? [] : [{ label: text("policies.who"), value: who }]),
              { label: text("policies.what"), value: what },
              { label: text("policies.where"), value: where },
              { label: text("policies.rules"), value: rules },
              {
                label: text("policies.state"),
                value: text(policy.enabled ? "policies.enabled" : "policies.disabled"),
              },
            ]}
          />
        </Container>
        <Container>
          <pre className="json" role="group" tabIndex={0} aria-label={text("policies.text")}>
            {JSON.stringify(policy, null, 2)}
          </pre>
        </Container>
      </SpaceBetween>
    </Page>
  );
}
