import Link from "@cloudscape-design/components/link";

import type { PolicyKind } from "../../api/types";
import { StaleAlert } from "../../app/StaleAlert";
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
  const look = (
    <Link href={policyHref(kind, id)} external target="_blank">
      {text("policies.showNew")}
    </Link>
  );
  return (
    <StaleAlert look={look} onReopen={onReopen}>
      {change === undefined
        ? text("policies.stale")
        : text("policies.staleBy", { name: change.name, at: times.moment(change.at) })}
    </StaleAlert>
  );
}
