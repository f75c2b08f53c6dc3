import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { PolicyKind } from "../../api/types";
import { useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { policyHref } from "./kinds";
import { usePolicies } from "./queries";
import { useLastChange } from "./useLastChange";

interface Props {
  kind: PolicyKind;
  id: string;
  /** The version that was opened. */
  opened: number;
  onReopen: () => void;
}

/** Somebody else changed the policy meanwhile: by whom, and how to go on without losing what was written. */
export function StaleNote({ kind, id, opened, onReopen }: Props) {
  const text = useText();
  const times = useTimes();
  const now = usePolicies(kind).data?.items.find(({ policy }) => policy.id === id)?.version;
  const change = useLastChange(now === opened ? undefined : now);
  return (
    <div role="alert">
      <Alert type="error" header={text("problem.stale-version")}>
        <SpaceBetween size="s">
          <div>
            {change === undefined
              ? text("policies.stale")
              : text("policies.staleBy", { name: change.name, at: times.moment(change.at) })}
          </div>
          <Link href={policyHref(kind, id)} external target="_blank">
            {text("policies.showNew")}
          </Link>
          <Button onClick={onReopen}>{text("policies.reopen")}</Button>
        </SpaceBetween>
      </Alert>
    </div>
  );
}
