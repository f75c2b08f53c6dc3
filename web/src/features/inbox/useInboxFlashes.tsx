import { useEffect, useRef } from "react";

import type { InboxItem } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { RouteButton } from "../../app/links";
import { useText } from "../../i18n/useText";
import { isNew } from "./fold";
import { newsOf, NEWS } from "./kinds";
import { useInbox } from "./useInbox";

/** News that arrives while the portal is open is shown at once; older news waits in the inbox. */
export function useInboxFlashes(): void {
  const text = useText();
  const { show } = useFlashes();
  const { data: inbox } = useInbox();
  const seen = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (inbox === undefined) return;
    const newestSeen = seen.current;
    const fresh = inbox.items.filter(
      (item) => isNew(item) && newestSeen !== undefined && item.id > newestSeen,
    );
    seen.current = inbox.items[0]?.id ?? 0;
    for (const item of fresh.slice(0, 3)) {
      const { text: sentence, tone, href } = NEWS[item.kind];
      const leads = item.request == null ? href : `/requests/${item.request}`;
      const open = leads !== undefined && <RouteButton href={leads}>{text("action.open")}</RouteButton>;
      show({
        id: newsOf(item.request ?? item.kind),
        type: tone === "error" ? "warning" : tone,
        content: text(sentence, valuesOf(item)),
        action: open,
      });
    }
  }, [inbox, show, text]);
}

export function valuesOf(item: InboxItem) {
  const { requester, account, stream } = item;
  return { requester, account, permissionSet: item.permission_set, stream };
}
