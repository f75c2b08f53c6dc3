import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
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
    <Modal
      visible
      header={text("policies.deleteTitle", { name: policy.name })}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" onClick={onClose}>
              {text("action.cancel")}
            </Button>
            <Button variant="primary" loading={change.isPending} onClick={confirm}>
              {text("action.delete")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box>{text("policies.deleteHint")}</Box>
        <ExpandableSection headerText={text("trial.deletion")}>
          <TryPanel
            change={deletion(kind, policy.id)}
            account={policy.targets?.accounts?.[0]}
            permissionSet={permissionSetsOf(policy.permission_sets).ids[0]}
          />
        </ExpandableSection>
        {change.isError && <ErrorNote error={change.error} />}
      </SpaceBetween>
    </Modal>
  );
}
