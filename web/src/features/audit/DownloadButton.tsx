import Button from "@cloudscape-design/components/button";
import { useState } from "react";

import { useFlashes } from "../../app/flashes";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { allRecords, jsonLines, MOST_RECORDS } from "./download";
import type { AuditFilter } from "./filter";

/** Everything that matches, as a file: one record a line, exactly as it is stored. */
export function DownloadButton({ filter }: { filter: AuditFilter }) {
  const text = useText();
  const problemText = useProblemText();
  const { show } = useFlashes();
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const { records, complete } = await allRecords(filter);
      save(jsonLines(records));
      const count = complete ? records.length : MOST_RECORDS;
      show({
        type: complete ? "success" : "warning",
        content: text(complete ? "audit.downloaded" : "audit.downloadedPart", { count }),
      });
    } catch (error) {
      show({ type: "error", ...problemText(error) });
    }
    setBusy(false);
  };
  return (
    <Button iconName="download" loading={busy} onClick={() => void download()}>
      {text("audit.download")}
    </Button>
  );
}

function save(lines: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines], { type: "application/x-ndjson" }));
  link.download = "kari-audit.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
}
