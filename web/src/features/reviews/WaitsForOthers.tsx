import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { RequestView } from "../../api/types";
import { useMe } from "../../app/useMe";
import { useJoin } from "../../i18n/useJoin";
import { useText } from "../../i18n/useText";
import { hasApproved, nameOf, unmet } from "./needs";

/** Why nothing is wanted of the reader, although they are a reviewer: what is still missing comes from others. */
export function WaitsForOthers({ request }: { request: RequestView }) {
  const text = useText();
  const join = useJoin();
  const { data: me } = useMe();
  const approved = hasApproved(request, me?.user.id ?? "");
  const missing = join(unmet(request).map(nameOf));
  return (
    <StatusIndicator type={approved ? "success" : "info"}>
      {text(approved ? "review.youApproved" : "review.enoughHere", { missing })}
    </StatusIndicator>
  );
}
