import Button from "@cloudscape-design/components/button";
import type { TableProps } from "@cloudscape-design/components/table";

import type { AuditRecord } from "../../api/types";
import { useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { useNames } from "../directory/useNames";
import { SYSTEM_TEXT } from "../requests/timeline";
import { kindTextOf } from "./kinds";
import { isReadable } from "./records";
import { idsIn, StreamLabel } from "./StreamLabel";

export type AuditColumn = TableProps.ColumnDefinition<AuditRecord>;

interface Columns {
  columns: AuditColumn[];
  /** Whether names in them are still to come. */
  coming: boolean;
}

export function useColumns(records: AuditRecord[], open: (record: AuditRecord) => void): Columns {
  const text = useText();
  const times = useTimes();
  const { names, coming } = useNames(records.flatMap(({ stream }) => idsIn(stream)));
  const actor = (record: AuditRecord) => {
    if (!isReadable(record)) return text("audit.unreadable");
    if (record.actor.type === "system") {
      const { reason, label } = record.actor;
      if (reason === "channel" && label) return text("audit.stranger", { account: label });
      return label ? `${text(SYSTEM_TEXT[reason])}: ${label}` : text(SYSTEM_TEXT[reason]);
    }
    const { label: name } = record.actor;
    return record.cause === "slack" ? text("audit.inSlack", { name }) : name;
  };
  const columns: AuditColumn[] = [
    {
      id: "at",
      header: text("audit.at"),
      minWidth: 190,
      cell: ({ at }) =>
        at !== null && (
          <time dateTime={at} title={times.full(at)}>{`${times.day(at)} ${times.clock(at)}`}</time>
        ),
    },
    {
      id: "kind",
      header: text("audit.kind"),
      minWidth: 190,
      cell: (record) => {
        const known = kindTextOf(record);
        return <span title={record.kind}>{known === undefined ? record.kind : text(known)}</span>;
      },
    },
    { id: "actor", header: text("audit.actor"), minWidth: 150, cell: actor },
    {
      id: "stream",
      header: text("audit.stream"),
      minWidth: 260,
      cell: (record) => <StreamLabel record={record} names={names} />,
    },
    {
      id: "open",
      header: text("audit.data"),
      minWidth: 100,
      cell: (record) => (
        <Button
          variant="inline-link"
          ariaLabel={text("audit.show", { kind: record.kind, stream: record.stream })}
          onClick={() => open(record)}
        >
          {text("action.show")}
        </Button>
      ),
    },
  ];
  return { columns, coming };
}
