import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import type { AnyPolicy, Policies, PolicyKind, Versioned } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { useFlashes } from "../../app/flashes";
import { useMe } from "../../app/useMe";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { DeletePolicy } from "./DeletePolicy";
import { BLANK, KIND_TEXT } from "./kinds";
import { PolicyEditor } from "./PolicyEditor";
import { usePolicySummaries } from "./PolicySummary";
import { useChangePolicy, usePolicies } from "./queries";

type Opened =
  | { type: "edit"; before: Versioned<AnyPolicy> }
  | { type: "create" }
  | { type: "delete"; before: Versioned<AnyPolicy> };

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the rows follow from the kind
export function PolicyTable<K extends PolicyKind>({ kind }: { kind: K }) {
  const text = useText();
  const { data: me } = useMe();
  const mayEdit = me?.roles.includes("administrator") === true;
  const query = usePolicies(kind);
  const summarize = usePolicySummaries()[kind];
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  if (query.isError && query.data === undefined) {
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      <Table<Versioned<Policies[K]>>
        variant="embedded"
        items={query.data?.items ?? []}
        trackBy={({ policy }) => policy.id}
        loading={query.isPending}
        loadingText={text("state.loading")}
        ariaLabels={{ tableLabel: text(KIND_TEXT[kind].title) }}
        header={
          <Header
            description={text(KIND_TEXT[kind].hint)}
            actions={
              mayEdit && (
                <Button onClick={() => setOpened({ type: "create" })}>{text("policies.create")}</Button>
              )
            }
          >
            {text(KIND_TEXT[kind].title)}
          </Header>
        }
        empty={<Box padding="l">{text("policies.empty")}</Box>}
        wrapLines
        columnDefinitions={[
          {
            id: "name",
            minWidth: 170,
            header: text("policies.name"),
            isRowHeader: true,
            cell: ({ policy }) => policy.name,
          },
          ...(kind === "approvers"
            ? []
            : [
                {
                  id: "who",
                  header: text("policies.who"),
                  cell: ({ policy }: Versioned<Policies[K]>) => summarize(policy).who,
                },
              ]),
          { id: "where", header: text("policies.where"), cell: ({ policy }) => summarize(policy).where },
          { id: "what", header: text("policies.what"), cell: ({ policy }) => summarize(policy).what },
          {
            id: "rules",
            minWidth: 190,
            header: text("policies.rules"),
            cell: ({ policy }) => summarize(policy).rules,
          },
          {
            id: "enabled",
            minWidth: 120,
            header: text("policies.state"),
            cell: ({ policy }) => (
              <StatusIndicator type={policy.enabled ? "success" : "stopped"}>
                {text(policy.enabled ? "policies.enabled" : "policies.disabled")}
              </StatusIndicator>
            ),
          },
          {
            id: "actions",
            minWidth: 100,
            header: text("policies.actions"),
            cell: (row) => <RowActions kind={kind} row={row} mayEdit={mayEdit} onOpen={setOpened} />,
          },
        ]}
      />
      {opened?.type === "edit" && (
        <PolicyEditor
          kind={kind}
          before={opened.before}
          policy={opened.before.policy}
          readOnly={!mayEdit}
          onClose={close}
        />
      )}
      {opened?.type === "create" && (
        <PolicyEditor kind={kind} policy={BLANK[kind]} readOnly={false} onClose={close} />
      )}
      {opened?.type === "delete" && <DeletePolicy kind={kind} before={opened.before} onClose={close} />}
    </>
  );
}

interface RowProps {
  kind: PolicyKind;
  row: Versioned<AnyPolicy>;
  mayEdit: boolean;
  onOpen: (opened: Opened) => void;
}

function RowActions({ kind, row, mayEdit, onOpen }: RowProps) {
  const text = useText();
  const problemText = useProblemText();
  const { show } = useFlashes();
  const change = useChangePolicy(kind);
  const { policy } = row;
  const toggle = () =>
    change.mutate(
      { type: "update", before: row, policy: { ...policy, enabled: !policy.enabled } },
      { onError: (error) => show({ type: "error", ...problemText(error) }) },
    );
  const edit = () => onOpen({ type: "edit", before: row });
  if (!mayEdit) {
    return (
      <Button variant="inline-link" ariaLabel={`${text("action.show")}: ${policy.name}`} onClick={edit}>
        {text("action.show")}
      </Button>
    );
  }
  const run: Record<string, () => void> = {
    edit,
    toggle,
    delete: () => onOpen({ type: "delete", before: row }),
  };
  return (
    <ButtonDropdown
      variant="inline-icon"
      expandToViewport
      loading={change.isPending}
      ariaLabel={text("policies.actionsFor", { name: policy.name })}
      items={[
        { id: "edit", text: text("action.edit") },
        { id: "toggle", text: text(policy.enabled ? "action.disable" : "action.enable") },
        { id: "delete", text: text("action.delete") },
      ]}
      onItemClick={({ detail }) => run[detail.id]?.()}
    />
  );
}
