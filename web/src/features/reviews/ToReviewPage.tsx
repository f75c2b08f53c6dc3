import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { RequestView } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { ActDialog } from "../requests/ActDialog";
import { Empty } from "../requests/Empty";
import { BulkBar } from "./BulkBar";
import { BulkDialog } from "./BulkDialog";
import { hasApproved } from "./needs";
import { ReviewCard } from "./ReviewCard";
import { useBulkReview, type Decision } from "./useBulkReview";
import { useToReview } from "./useToReview";

/** A decision that is asked about first: of one request, or of those that are selected. */
interface Asked {
  decision: Decision;
  request?: RequestView;
}

export default function ToReviewPage() {
  const text = useText();
  const { data: me } = useMe();
  const { list, mine, others } = useToReview();
  const bulk = useBulkReview(mine);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const title = text("nav.review");
  if (list.items === undefined) {
    return (
      <Page title={title}>
        {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />}
      </Page>
    );
  }
  const counter = mine.length > 0 ? `(${mine.length}${list.hasNextPage ? "+" : ""})` : undefined;
  return (
    <Page
      title={title}
      counter={counter}
      description={mine.length > 0 ? text("review.description") : undefined}
    >
      <SpaceBetween size="m">
        {mine.length === 0 && !list.hasNextPage && (
          <Container>
            <Empty title={text("review.empty")} hint={text("review.emptyHint")} />
          </Container>
        )}
        {mine.length > 1 && (
          <BulkBar bulk={bulk} total={mine.length} onAsk={(decision) => setAsked({ decision })} />
        )}
        {mine.map((request) => (
          <ReviewCard
            key={request.id}
            request={request}
            selectable={mine.length > 1}
            selected={bulk.isSelected(request.id)}
            onSelect={(selected) => bulk.select(request.id, selected)}
            busy={bulk.busy && bulk.isSelected(request.id)}
            onAsk={(decision) => setAsked({ decision, request })}
          />
        ))}
        {others.length > 0 && <ForOthers requests={others} person={me?.user.id ?? ""} onAsk={setAsked} />}
        {list.hasNextPage && (
          <Box textAlign="center">
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {text("action.showMore")}
            </Button>
          </Box>
        )}
      </SpaceBetween>
      {asked !== undefined &&
        (asked.request === undefined ? (
          <BulkDialog bulk={bulk} decision={asked.decision} onClose={close} />
        ) : (
          <ActDialog request={asked.request} action={asked.decision} onClose={close} />
        ))}
    </Page>
  );
}

interface OthersProps {
  requests: RequestView[];
  person: string;
  onAsk: (asked: Asked) => void;
}

/** What one has done one's part for, or where one's part is done: denying is still possible. */
function ForOthers({ requests, person, onAsk }: OthersProps) {
  const text = useText();
  const approved = requests.every((request) => hasApproved(request, person));
  return (
    <SpaceBetween size="m">
      <Header variant="h2" counter={`(${requests.length})`} description={text("review.waitingHint")}>
        {text(approved ? "review.waitingApproved" : "review.waiting")}
      </Header>
      {requests.map((request) => (
        <ReviewCard
          key={request.id}
          request={request}
          selectable={false}
          selected={false}
          onSelect={() => undefined}
          busy={false}
          onAsk={(decision) => onAsk({ decision, request })}
        />
      ))}
    </SpaceBetween>
  );
}
