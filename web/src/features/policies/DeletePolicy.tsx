import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { QuestionDialog } from "../../app/QuestionDialog";
import { useText } from "../../i18n/useText";
import { TryPanel } from "../trials/TryPanel";
import { deletion } from "../trials/useTrial";
import { useChangePolicy } from "./queries";
import { permissionSetsOf } from "./scopes";

interface Props {
  kind: PolicyKind;
  before: Versioned<AnyPolicy>;
  onDeleted?: () => void;
  onClose: () => void;
}

export function DeletePolicy({ kind, before, onDeleted, onClose }: Props) {
  const text = useText();
  const change = useChangePolicy(kind);
  const { policy } = before;
  const confirm = () => change.mutate({ type: "delete", before }, { onSuccess: onDeleted ?? onClose });
  return (
    <QuestionDialog
      title={text("policies.deleteTitle", { name: policy.name })}
      confirm={text("action.delete")}
      pending={change.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Box>{text("policies.deleteHint")}</Box>
      <ExpandableSection headerText={text("trial.deletion")}>
        <TryPanel
          change={deletion(kind, policy.id)}
          account={policy.targets?.accounts?.[0]}
          permissionSet={permissionSetsOf(policy.permission_sets).ids[0]}
        />
      </ExpandableSection>
      {change.isError && <ErrorNote error={change.error} />}
    </QuestionDialog>
  );
}
