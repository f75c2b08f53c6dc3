import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useNavigate } from "react-router";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { policyHref } from "./kinds";
import { useChangePolicy } from "./queries";

interface Props {
  kind: PolicyKind;
  row: Versioned<AnyPolicy>;
  onDelete: () => void;
}

/** What can be done with a policy from the list. */
export function RowActions({ kind, row, onDelete }: Props) {
  const text = useText();
  const problemText = useProblemText();
  const navigate = useNavigate();
  const { show } = useFlashes();
  const change = useChangePolicy(kind);
  const { policy } = row;
  const toggle = () =>
    change.mutate(
      { type: "update", before: row, policy: { ...policy, enabled: !policy.enabled } },
      { onError: (error) => show({ type: "error", ...problemText(error) }) },
    );
  const run: Record<string, () => void> = {
    edit: () => void navigate(policyHref(kind, policy.id)),
    toggle,
    delete: onDelete,
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
