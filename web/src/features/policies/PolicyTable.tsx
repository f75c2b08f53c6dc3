import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { ReactNode } from "react";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { policyHref } from "./kinds";
import type { PolicySummary } from "./PolicySummary";

export interface PoliciesShown<P extends AnyPolicy> {
  kind: PolicyKind;
  label: string;
  policies: Versioned<P>[];
  summarize: (policy: P) => PolicySummary;
  /** What can be done with a policy; nothing for those who only read. */
  actions: ((row: Versioned<P>) => ReactNode) | undefined;
}

/** Policies in columns. */
export function PolicyTable<P extends AnyPolicy>({
  kind,
  label,
  policies,
  summarize,
  actions,
}: PoliciesShown<P>) {
  const text = useText();
  type Column = TableProps.ColumnDefinition<Versioned<P>>;
  const who: Column = {
    id: "who",
    header: text("policies.who"),
    cell: ({ policy }) => summarize(policy).who,
  };
  return (
    <Table<Versioned<P>>
      variant="embedded"
      items={policies}
      trackBy={({ policy }) => policy.id}
      ariaLabels={{ tableLabel: label }}
      wrapLines
      columnDefinitions={[
        {
          id: "name",
          minWidth: 170,
          header: text("policies.name"),
          isRowHeader: true,
          cell: ({ policy }) => <RouteLink href={policyHref(kind, policy.id)}>{policy.name}</RouteLink>,
        },
        ...(kind === "approvers" ? [] : [who]),
        {
          id: "where",
          header: text("policies.where"),
          minWidth: 130,
          cell: ({ policy }) => summarize(policy).where,
        },
        { id: "what", header: text("policies.what"), cell: ({ policy }) => summarize(policy).what },
        {
          id: "rules",
          header: text("policies.rules"),
          minWidth: 175,
          cell: ({ policy }) => summarize(policy).rules,
        },
        {
          id: "enabled",
          header: text("policies.state"),
          minWidth: 120,
          cell: ({ policy }) => (
            <StatusIndicator type={policy.enabled ? "success" : "stopped"}>
              {text(policy.enabled ? "policies.enabled" : "policies.disabled")}
            </StatusIndicator>
          ),
        },
        ...(actions === undefined
          ? []
          : [{ id: "actions", header: text("policies.actions"), minWidth: 100, cell: actions }]),
      ]}
    />
  );
}
