import { Fragment } from "react";

import type { AuditRecord, Channel } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { CHANNEL_TEXT } from "../settings/channels";
import { STREAM_TEXT } from "./kinds";

type Names = (id: string) => string;

/** What a record is about, in names: the stream's own name is made of ids. */
export function StreamLabel({ record, names }: { record: AuditRecord; names: Names }) {
  const text = useText();
  const { stream, sequence } = record;
  const [kind, ...ids] = stream.split("/");
  const place = ` #${sequence}`;
  const channel = (id: string) => (isChannel(id) ? text(CHANNEL_TEXT[id]) : id);
  if (kind === "request") {
    const short = ids.join("/").slice(0, 8);
    return (
      <RouteLink href={`/requests/${ids.join("/")}`}>
        {text("audit.request", { id: short }) + place}
      </RouteLink>
    );
  }
  const known = STREAM_TEXT[kind ?? ""];
  const called = () => {
    if (kind === "channels") return ids.map(channel);
    if (stream.startsWith(STRANGERS)) return [text("audit.strangers"), ...ids.slice(1).map(channel)];
    return idsIn(stream).map(names);
  };
  const told = [known === undefined ? (kind ?? "") : text(known), ...called()];
  return (
    <span title={stream}>
      {told.map((part, index) => (
        <Fragment key={index}>
          {index > 0 && " · "}
          <span className="whole">{part}</span>
        </Fragment>
      ))}
      {place}
    </span>
  );
}

/** The attempts of those who are nobody here: of a channel and a day, and of nobody in the directory. */
const STRANGERS = "attempts/strangers/";

const isChannel = (id: string): id is Channel => id in CHANNEL_TEXT;

/** What a stream's name names in the directory. The ARN of a permission set holds slashes of its own; it comes last. */
export function idsIn(stream: string): string[] {
  const [kind, ...ids] = stream.split("/");
  if (kind === "request" || kind === "channels" || stream.startsWith(STRANGERS)) return [];
  const arn = ids.findIndex((id) => id.startsWith("arn:"));
  return arn === -1 ? ids : [...ids.slice(0, arn), ids.slice(arn).join("/")];
}
