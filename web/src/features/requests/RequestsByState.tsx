import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSearchParams } from "react-router";

import type { RequestState } from "../../api/types";
import { RouteButton } from "../../app/links";
import { Page } from "../../app/Page";
import { useText, type MessageId } from "../../i18n/useText";
import { Empty } from "./Empty";
import { useRequests } from "./queries";
import { RequestList } from "./RequestList";

type View = "all" | "open" | "closed";

const OPEN: RequestState[] = ["pending", "approved", "activating", "active", "ending"];

const VIEWS: Record<View, { text: MessageId; state?: string }> = {
  all: { text: "mine.all" },
  open: { text: "mine.open", state: OPEN.join(",") },
  closed: { text: "mine.closed", state: "closed" },
};

const NAMES = Object.keys(VIEWS) as View[];

interface Props {
  scope: "mine" | "all";
  title: string;
  emptyHint: string;
}

/** One's own requests or everybody's, by how they stand. */
export function RequestsByState({ scope, title, emptyHint }: Props) {
  const text = useText();
  const [query, setQuery] = useSearchParams();
  const view = NAMES.find((known) => known === query.get("show")) ?? "all";
  const { state } = VIEWS[view];
  const list = useRequests(state === undefined ? { scope } : { scope, state });
  const ask = (
    <RouteButton variant="primary" href="/request">
      {text("nav.request")}
    </RouteButton>
  );
  return (
    <Page title={title} actions={scope === "mine" && ask}>
      <SpaceBetween size="m">
        <SegmentedControl
          label={text("mine.show")}
          selectedId={view}
          options={NAMES.map((id) => ({ id, text: text(VIEWS[id].text) }))}
          onChange={({ detail }) => setQuery({ show: detail.selectedId }, { replace: true })}
        />
        <RequestList
          list={list}
          label={title}
          requester={scope === "all"}
          empty={<Empty title={text("mine.empty")} hint={emptyHint} />}
        />
      </SpaceBetween>
    </Page>
  );
}
