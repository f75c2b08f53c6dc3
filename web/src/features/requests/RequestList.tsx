import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

import type { RequestView } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import type { useRequests } from "./queries";
import { RequestRow } from "./RequestRow";

interface Props {
  list: ReturnType<typeof useRequests>;
  empty: ReactNode;
  label: string;
  requester?: boolean;
}

/** A list in all its states: fetching, failed, empty, and full with more to come. */
export function RequestList({ list, empty, label, requester = false }: Props) {
  const text = useText();
  if (list.items === undefined) {
    return list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  }
  if (list.items.length === 0) return <Container>{empty}</Container>;
  const row = (request: RequestView) => (
    <RequestRow key={request.id} request={request} requester={requester} />
  );
  return (
    <SpaceBetween size="m">
      <Container disableContentPaddings>
        <ul className="rows" aria-label={label}>
          {list.items.map(row)}
        </ul>
      </Container>
      {list.hasNextPage && (
        <Box textAlign="center">
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {text("action.showMore")}
          </Button>
        </Box>
      )}
    </SpaceBetween>
  );
}
