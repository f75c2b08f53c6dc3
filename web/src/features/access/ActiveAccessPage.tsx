import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { RequestView } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteButton } from "../../app/links";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { ActDialog } from "../requests/ActDialog";
import { Empty } from "../requests/Empty";
import { useRequests } from "../requests/queries";
import { useOrderSeen } from "../requests/useOrderSeen";
import { AccessCard } from "./AccessCard";

export default function ActiveAccessPage() {
  const text = useText();
  const { data: me } = useMe();
  const seesAll = (me?.roles.length ?? 0) > 0;
  const [whose, setWhose] = useState<"mine" | "everybody">();
  const [ending, setEnding] = useState<RequestView>();
  const shown = seesAll ? (whose ?? "everybody") : "mine";
  return (
    <Page title={text("nav.active")} description={text("access.description")}>
      <SpaceBetween size="m">
        {seesAll && (
          <SegmentedControl
            label={text("mine.show")}
            selectedId={shown}
            options={[
              { id: "everybody", text: text("mine.everybody") },
              { id: "mine", text: text("access.mine") },
            ]}
            onChange={({ detail }) => setWhose(detail.selectedId === "mine" ? "mine" : "everybody")}
          />
        )}
        <AccessList key={shown} everybody={shown === "everybody"} onEnd={setEnding} />
      </SpaceBetween>
      {ending !== undefined && (
        <ActDialog request={ending} action="revoke" onClose={() => setEnding(undefined)} />
      )}
    </Page>
  );
}

interface ListProps {
  everybody: boolean;
  onEnd: (request: RequestView) => void;
}

function AccessList({ everybody, onEnd }: ListProps) {
  const text = useText();
  const list = useRequests(everybody ? { scope: "active" } : { scope: "active", mine: true });
  const items = useOrderSeen(list.items ?? []);
  if (list.items === undefined) {
    return list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  }
  if (items.length === 0) {
    const ask = <RouteButton href="/request">{text("nav.request")}</RouteButton>;
    return (
      <Container>
        <Empty title={text("access.empty")} hint={text("access.emptyHint")} action={ask} />
      </Container>
    );
  }
  return (
    <SpaceBetween size="m">
      <div className="cards">
        {items.map((request) => (
          <AccessCard key={request.id} request={request} requester={everybody} onEnd={() => onEnd(request)} />
        ))}
      </div>
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
