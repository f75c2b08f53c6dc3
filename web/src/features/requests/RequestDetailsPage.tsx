import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useParams } from "react-router";

import type { RequestAction, RequestView } from "../../api/types";
import { isNotFound } from "../../api/problem";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteButton } from "../../app/links";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { Text, useText } from "../../i18n/useText";
import { ActDialog } from "./ActDialog";
import { anythingToDo, DetailActions } from "./DetailActions";
import { Facts } from "./Facts";
import { Now } from "./Now";
import { useRequest } from "./queries";
import { TimelineCard } from "./TimelineCard";

export default function RequestDetailsPage() {
  const text = useText();
  const { id = "" } = useParams();
  const { data: me } = useMe();
  const [asked, setAsked] = useState<{ request: RequestView; action: RequestAction }>();
  const { data: request, error, refetch } = useRequest(id);
  if (request === undefined) {
    if (error === null) return <Waiting />;
    return (
      <Page title={text("details.title")}>
        <SpaceBetween size="m">
          <ErrorNote error={error} onRetry={() => void refetch()} />
          {isNotFound(error) && <RouteButton href="/requests">{text("nav.mine")}</RouteButton>}
        </SpaceBetween>
      </Page>
    );
  }
  const todo = anythingToDo(request, me?.user.id === request.requester.id);
  const what = { permissionSet: request.permission_set.name, account: request.account.name };
  const whole = {
    permissionSet: <span className="whole">{what.permissionSet}</span>,
    account: <span className="whole">{what.account}</span>,
  };
  return (
    <Page
      title={text("details.heading", what)}
      heading={<Text id="details.heading" values={whole} />}
      actions={todo && <DetailActions request={request} onAsk={(action) => setAsked({ request, action })} />}
    >
      <SpaceBetween size="l">
        <Now request={request} />
        <div className="two-columns">
          <Facts request={request} />
          <TimelineCard request={request} />
        </div>
      </SpaceBetween>
      {asked !== undefined && <ActDialog {...asked} onClose={() => setAsked(undefined)} />}
    </Page>
  );
}
