import { Navigate, useSearchParams } from "react-router";

import { useText } from "../../i18n/useText";
import { RequestsByState } from "./RequestsByState";

export default function MyRequestsPage() {
  const text = useText();
  const [query] = useSearchParams();
  // Where everybody's requests were before they had an address of their own.
  if (query.get("show") === "everybody") return <Navigate to="/everybody" replace />;
  return <RequestsByState scope="mine" title={text("nav.mine")} emptyHint={text("mine.emptyHint")} />;
}
