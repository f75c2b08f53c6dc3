import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { RequestView } from "../../api/types";
import { useMe } from "../../app/useMe";
import { useText } from "../../i18n/useText";
import { hasApproved } from "./needs";
import { useMissing } from "./useMissing";

/** Why nothing is wanted of the reader, although they are a reviewer: what is still missing comes from others. */
export function WaitsForOthers({ request }: { request: RequestView }) {
  const text = useText();
  const missing = useMissing()(request);
  const { data: me } = useMe();
  const approved = hasApproved(request, me?.user.id ?? "");
  return (
    <div className="line">
      <StatusIndicator type={approved ? "success" : "info"} />
      <div>{text(approved ? "review.youApproved" : "review.enoughHere", { missing })}</div>
    </div>
  );
}
