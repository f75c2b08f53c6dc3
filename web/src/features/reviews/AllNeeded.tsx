import { useText } from "../../i18n/useText";

/** Above several approvals that are needed: one of them is not enough. */
export function AllNeeded({ of: requirements }: { of: unknown[] }) {
  const text = useText();
  return requirements.length > 1 && <div className="all-needed">{text("verdict.allNeeded")}</div>;
}
