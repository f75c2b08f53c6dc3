import Box from "@cloudscape-design/components/box";

import { ErrorNote } from "../../app/ErrorNote";
import { FormSection } from "../../app/FormSection";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { AccountRows } from "./AccountRows";
import { useMySlackAccounts } from "./queries";

/** The accounts that whoever is signed in has linked. */
export function MyAccounts({ expecting }: { expecting: boolean }) {
  const text = useText();
  const { data, isError, error, refetch } = useMySlackAccounts(expecting);
  const rows = data?.items.map((account) => ({ account }));
  return (
    <FormSection title={text("slack.mine")}>
      {rows !== undefined && rows.length > 0 && (
        <AccountRows label={text("slack.mine")} rows={rows} mayUnlink />
      )}
      {rows?.length === 0 && <Box>{text("slack.none")}</Box>}
      {isError && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {rows === undefined && !isError && <Waiting />}
    </FormSection>
  );
}
