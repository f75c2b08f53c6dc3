import Button from "@cloudscape-design/components/button";
import type { TableProps } from "@cloudscape-design/components/table";

import type { AuditRecord } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { SYSTEM_TEXT } from "../requests/timeline";

/** Streams are named `<what>/<id>`; those of requests lead to the request. */
function requestOf(stream: string): string | undefined {
  return /^request\/(.+)$/.exec(stream)?.[1];
}

export function useColumns(open: (record: AuditRecord) => void): TableProps.ColumnDefinition<AuditRecord>[] {
  const text = useText();
  const times = useTimes();
  const actor = ({ actor }: AuditRecord) =>
    actor.type === "user" ? actor.label : text(SYSTEM_TEXT[actor.reason]);
  return [
    {
      id: "at",
      header: text("audit.at"),
      width: 190,
      cell: ({ at }) => <time dateTime={at}>{`${times.day(at)} ${times.clock(at)}`}</time>,
    },
    { id: "kind", header: text("audit.kind"), cell: ({ kind }) => <code>{kind}</code> },
    { id: "actor", header: text("audit.actor"), cell: actor },
    {
      id: "stream",
      header: text("audit.stream"),
      cell: ({ stream, sequence }) => {
        const id = requestOf(stream);
        const name = `${stream} #${sequence}`;
        return id === undefined ? name : <RouteLink href={`/requests/${id}`}>{name}</RouteLink>;
      },
    },
    {
      id: "open",
      header: text("audit.data"),
      width: 110,
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
}
