import Container from "@cloudscape-design/components/container";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import * as api from "../../api/endpoints";
import type { InboxItem } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteLink } from "../../app/links";
import { Page } from "../../app/Page";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { Empty } from "../requests/Empty";
import { fold, type FoldedItem } from "./fold";
import { NEWS } from "./kinds";
import { useInbox } from "./useInbox";
import { valuesOf } from "./useInboxFlashes";

/** All news; looking at it marks it as read, but what was new stays marked while one looks. */
export default function InboxPage() {
  const text = useText();
  const client = useQueryClient();
  const { data: inbox, error, refetch } = useInbox();
  const [since] = useState(() => new Map<string, boolean>());
  const unread = inbox?.unread ?? 0;
  inbox?.items.forEach((item) => {
    if (!item.read) since.set(keyOf(item), true);
  });
  useEffect(() => {
    if (unread === 0) return;
    void api.markInboxRead().then(() => client.invalidateQueries({ queryKey: ["inbox"] }));
  }, [unread, client]);
  if (inbox === undefined) {
    return (
      <Page title={text("inbox.title")}>
        {error === null ? <Waiting /> : <ErrorNote error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  return (
    <Page title={text("inbox.title")}>
      <Container disableContentPaddings={inbox.items.length > 0}>
        {inbox.items.length === 0 && <Empty title={text("inbox.empty")} hint={text("inbox.emptyHint")} />}
        <ul className="rows" aria-label={text("inbox.title")}>
          {fold(inbox.items, (item) => since.has(keyOf(item))).map((folded) => (
            <News key={keyOf(folded.item)} {...folded} />
          ))}
        </ul>
      </Container>
    </Page>
  );
}

const keyOf = (item: InboxItem) => `${item.request ?? ""}/${item.sequence}/${item.kind}/${item.at}`;

function News({ item, count, anyUnread }: FoldedItem) {
  const text = useText();
  const { text: sentence, tone } = NEWS[item.kind];
  const said = text(sentence, valuesOf(item));
  return (
    <li className={anyUnread ? "row row-new" : "row"}>
      <div className="row-main news">
        <StatusIndicator type={tone} iconAriaLabel={tone} />
        <span>
          {item.request == null ? said : <RouteLink href={`/requests/${item.request}`}>{said}</RouteLink>}{" "}
          {count > 1 && <span className="news-count">{text("inbox.times", { count })}</span>}
        </span>
      </div>
      <div className="row-side row-quiet">
        {anyUnread && <span className="new-mark">{text("inbox.new")}</span>}
        <Moment at={item.at} />
      </div>
    </li>
  );
}
