import ButtonDropdown from "@cloudscape-design/components/button-dropdown";

import { useText } from "../../i18n/useText";

interface Props {
  label: string;
  ariaLabel?: string;
  primary: boolean;
  busy: boolean;
  fullWidth?: boolean;
  onApprove: () => void;
  onComment: () => void;
}

/** One press approves; who has something to say finds that beside it. */
export function ApproveButton({ label, ariaLabel, primary, busy, fullWidth, onApprove, onComment }: Props) {
  const text = useText();
  return (
    <ButtonDropdown
      variant={primary ? "primary" : "normal"}
      fullWidth={fullWidth ?? false}
      disabled={busy}
      ariaLabel={text("approve.more")}
      mainAction={{ text: label, ariaLabel: ariaLabel ?? label, loading: busy, onClick: onApprove }}
      items={[{ id: "comment", text: text("approve.withComment") }]}
      onItemClick={onComment}
    />
  );
}
