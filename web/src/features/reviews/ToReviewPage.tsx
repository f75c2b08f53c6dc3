import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { ErrorNote } from "../../app/ErrorNote";
import { Page } from "../../app/Page";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { Empty } from "../requests/Empty";
import { useRequests } from "../requests/queries";
import { ReviewCard } from "./ReviewCard";
import { useBulkReview } from "./useBulkReview";
import { BulkBar } from "./BulkBar";

export default function ToReviewPage() {
  const text = useText();
  const list = useRequests({ scope: "to-review" });
  const bulk = useBulkReview(list.items ?? []);
  const title = text("nav.review");
  if (list.items === undefined) {
    return (
      <Page title={title}>
        {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />}
      </Page>
    );
  }
  if (list.items.length === 0) {
    return (
      <Page title={title}>
        <Container>
          <Empty title={text("review.empty")} hint={text("review.emptyHint")} />
        </Container>
      </Page>
    );
  }
  return (
    <Page
      title={title}
      counter={`(${list.items.length}${list.hasNextPage ? "+" : ""})`}
      description={text("review.description")}
    >
      <SpaceBetween size="m">
        {list.items.length > 1 && <BulkBar bulk={bulk} total={list.items.length} />}
        {list.items.map((request) => (
          <ReviewCard
            key={request.id}
            request={request}
            selectable={list.items !== undefined && list.items.length > 1}
            selected={bulk.isSelected(request.id)}
            onSelect={(selected) => bulk.select(request.id, selected)}
            busy={bulk.busy && bulk.isSelected(request.id)}
          />
        ))}
        {list.hasNextPage && (
          <Box textAlign="center">
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {text("action.showMore")}
            </Button>
          </Box>
        )}
      </SpaceBetween>
    </Page>
  );
}
