import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { byName } from "../../app/byName";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteButton } from "../../app/links";
import { useIsPhone } from "../../app/useIsPhone";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { DeletePolicy } from "./DeletePolicy";
import { KIND_TEXT, newPolicyHref } from "./kinds";
import { PolicyRows } from "./PolicyRows";
import { usePolicySummaries } from "./PolicySummary";
import { PolicyTable } from "./PolicyTable";
import { usePolicies } from "./queries";
import { RowActions } from "./RowActions";

/** A policy may name a thousand; its own page has them all. */
const NAMED = 10;

const byPolicyName = <P extends AnyPolicy>(rows: Versioned<P>[]): Versioned<P>[] =>
  byName(rows.map((row) => ({ name: row.policy.name, row }))).map(({ row }) => row);

/** All policies of one kind, by name, and what can be done with each. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the rows follow from the kind
export function PolicyList<K extends PolicyKind>({ kind }: { kind: K }) {
  const text = useText();
  const phone = useIsPhone();
  const { data: me } = useMe();
  const mayEdit = me?.roles.includes("administrator") === true;
  const query = usePolicies(kind);
  const policies = byPolicyName(query.data?.items ?? []);
  const { summaries, coming } = usePolicySummaries(
    policies.map(({ policy }) => policy),
    NAMED,
  );
  const summarize = summaries[kind];
  const [deleting, setDeleting] = useState<Versioned<AnyPolicy>>();
  if (query.data === undefined) {
    return query.isError ? (
      <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Waiting />
    );
  }
  const label = text(KIND_TEXT[kind].title);
  const actions = (row: Versioned<AnyPolicy>) => (
    <RowActions kind={kind} row={row} onDelete={() => setDeleting(row)} />
  );
  const shown = { kind, label, policies, summarize, actions: mayEdit ? actions : undefined };
  return (
    <SpaceBetween size="s">
      <Header
        description={text(KIND_TEXT[kind].hint)}
        actions={
          mayEdit && <RouteButton href={newPolicyHref(kind)}>{text(KIND_TEXT[kind].create)}</RouteButton>
        }
      >
        {label}
      </Header>
      {policies.length === 0 && <Box padding="l">{text("policies.empty")}</Box>}
      {policies.length > 0 && coming && <Waiting />}
      {policies.length > 0 && !coming && (phone ? <PolicyRows {...shown} /> : <PolicyTable {...shown} />)}
      {deleting !== undefined && (
        <DeletePolicy kind={kind} before={deleting} onClose={() => setDeleting(undefined)} />
      )}
    </SpaceBetween>
  );
}
