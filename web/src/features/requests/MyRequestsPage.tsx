import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSearchParams } from "react-router";

import type { RequestState } from "../../api/types";
import { RouteButton } from "../../app/links";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { useText, type MessageId } from "../../i18n/useText";
import { Empty } from "./Empty";
import { useRequests, type Filter } from "./queries";
import { RequestList } from "./RequestList";

type View = "mine" | "open" | "closed" | "everybody";

const OPEN: RequestState[] = ["pending", "approved", "activating", "active", "ending"];

const VIEWS: Record<View, { text: MessageId; filter: Filter }> = {
  mine: { text: "mine.all", filter: { scope: "mine" } },
  open: { text: "mine.open", filter: { scope: "mine", state: OPEN.join(",") } },
  closed: { text: "mine.closed", filter: { scope: "mine", state: "closed" } },
  everybody: { text: "mine.everybody", filter: { scope: "all" } },
};

export default function MyRequestsPage() {
  const text = useText();
  const { data: me } = useMe();
  const [query, setQuery] = useSearchParams();
  const views: View[] = ["mine", "open", "closed"];
  if ((me?.roles.length ?? 0) > 0) views.push("everybody");
  const view = views.find((known) => known === query.get("show")) ?? "mine";
  const list = useRequests(VIEWS[view].filter);
  const ask = (
    <RouteButton variant="primary" href="/request">
      {text("nav.request")}
    </RouteButton>
  );
  return (
    <Page title={text(view === "everybody" ? "mine.title.everybody" : "nav.mine")} actions={ask}>
      <SpaceBetween size="m">
        <SegmentedControl
          label={text("mine.show")}
          selectedId={view}
          options={views.map((id) => ({ id, text: text(VIEWS[id].text) }))}
          onChange={({ detail }) => setQuery({ show: detail.selectedId }, { replace: true })}
        />
        <RequestList
          list={list}
          label={text("nav.mine")}
          requester={view === "everybody"}
          empty={
            <Empty
              title={text("mine.empty")}
              hint={text(view === "everybody" ? "mine.emptyHint.everybody" : "mine.emptyHint")}
            />
          }
        />
      </SpaceBetween>
    </Page>
  );
}
