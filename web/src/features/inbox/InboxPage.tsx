import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import * as api from "../../api/endpoints";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteLink } from "../../app/links";
import { Page } from "../../app/Page";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { Empty } from "../requests/Empty";
import { fold, isNew, type FoldedItem } from "./fold";
import { NEWS } from "./kinds";
import { useWholeInbox } from "./useInbox";
import { valuesOf } from "./useInboxFlashes";

/** All news; looking at it marks it as read, but what was new stays marked while one looks. */
export default function InboxPage() {
  const text = useText();
  const client = useQueryClient();
  const inbox = useWholeInbox();
  const { items, error, refetch } = inbox;
  const [since] = useState(() => new Set<number>());
  items?.forEach((item) => {
    if (isNew(item)) since.add(item.id);
  });
  const newestUnread = items?.find(isNew)?.id;
  useEffect(() => {
    if (newestUnread === undefined) return;
    void api.markInboxRead(newestUnread).then(() => client.invalidateQueries({ queryKey: ["inbox"] }));
  }, [newestUnread, client]);
  if (items === undefined) {
    return (
      <Page title={text("inbox.title")}>
        {error === null ? <Waiting /> : <ErrorNote error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  return (
    <Page title={text("inbox.title")}>
      <SpaceBetween size="m">
        <Container disableContentPaddings={items.length > 0}>
          {items.length === 0 && <Empty title={text("inbox.empty")} hint={text("inbox.emptyHint")} />}
          <ul className="rows" aria-label={text("inbox.title")}>
            {fold(items, (item) => since.has(item.id) && !item.decided).map((folded) => (
              <News key={folded.item.id} {...folded} />
            ))}
          </ul>
        </Container>
        {inbox.hasNextPage && (
          <Box textAlign="center">
            <Button loading={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>
              {text("action.showMore")}
            </Button>
          </Box>
        )}
      </SpaceBetween>
    </Page>
  );
}

function News({ item, count, anyUnread }: FoldedItem) {
  const text = useText();
  const { text: sentence, tone, href } = NEWS[item.kind];
  const leads = item.request == null ? href : `/requests/${item.request}`;
  const said = text(sentence, valuesOf(item));
  return (
    <li className={anyUnread ? "row row-new" : "row"}>
      <div className="row-main news">
        <StatusIndicator type={tone} iconAriaLabel={tone} />
        <span>
          {leads === undefined ? said : <RouteLink href={leads}>{said}</RouteLink>}{" "}
          {count > 1 && <span className="news-count">{text("inbox.times", { count })}</span>}
        </span>
      </div>
      <div className="row-side row-quiet">
        {item.decided && <span>{text("inbox.decided")}</span>}
        {anyUnread && <span className="new-mark">{text("inbox.new")}</span>}
        <Moment at={item.at} />
      </div>
    </li>
  );
}
