import type { AuditRecord } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";

type Names = (id: string) => string;

/** What a record is about, in names: the stream's own name is made of ids. */
export function StreamLabel({ record, names }: { record: AuditRecord; names: Names }) {
  const text = useText();
  const { stream, sequence } = record;
  const [kind, ...ids] = stream.split("/");
  const place = ` #${sequence}`;
  if (kind === "request") {
    const short = ids.join("/").slice(0, 8);
    return (
      <RouteLink href={`/requests/${ids.join("/")}`}>
        {text("audit.request", { id: short }) + place}
      </RouteLink>
    );
  }
  const told = [kind, ...joined(ids).map(names)].join(" · ");
  return <span title={stream}>{told + place}</span>;
}

/** The ARN of a permission set holds slashes of its own; it comes last. */
function joined(ids: string[]): string[] {
  const arn = ids.findIndex((id) => id.startsWith("arn:"));
  return arn === -1 ? ids : [...ids.slice(0, arn), ids.slice(arn).join("/")];
}
