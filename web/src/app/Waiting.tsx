import Spinner from "@cloudscape-design/components/spinner";

import { useText } from "../i18n/useText";

/** Says that something is being fetched; shows itself only if that takes longer than a blink. */
export function Waiting() {
  const text = useText();
  return (
    <div className="waiting" role="status">
      <Spinner size="large" />
      <span className="waiting-text">{text("state.loading")}</span>
    </div>
  );
}
