import { useState } from "react";

import type { RequestView } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { onEach } from "../requests/onEach";
import { useAct } from "../requests/queries";

export type Decision = "approve" | "deny";

export type Bulk = ReturnType<typeof useBulkReview>;

/** Several at once: each is one review of its own, and each may fail by itself. */
export function useBulkReview(items: RequestView[]) {
  const text = useText();
  const problemText = useProblemText();
  const { show } = useFlashes();
  const act = useAct();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const selected = items.filter((request) => chosen.has(request.id));
  const select = (id: string, on: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      if (on) after.add(id);
      else after.delete(id);
      return after;
    });
  /** Those of the selected ones with which the API permits it now. */
  const permitted = (action: Decision) => selected.filter(({ actions }) => actions.includes(action));
  /** What failed stays selected. */
  const decide = async (decision: Decision, requests: RequestView[], comment?: string) => {
    setBusy(true);
    const { done, failed } = await onEach(requests, ({ id }) =>
      act.mutateAsync({ id, action: decision, comment }),
    );
    setBusy(false);
    setChosen(new Set(failed.map(({ request }) => request.id)));
    // An approval counts although the request may still wait for others.
    const waits = decision === "approve" ? done.filter(({ state }) => state === "pending").length : 0;
    const count = done.length - waits;
    if (done.length > 0)
      show({
        own: true,
        type: "success",
        content:
          waits > 0
            ? text("bulk.approvedWaits", { count, waits })
            : text(decision === "approve" ? "bulk.approved" : "bulk.denied", { count }),
      });
    return failed;
  };
  const press = async (decision: Decision) => {
    for (const { request, error } of await decide(decision, permitted(decision))) {
      const { header, content } = problemText(error);
      show({ type: "error", header: `${request.account.name}: ${header}`, content });
    }
  };
  return {
    selected,
    permitted,
    busy,
    isSelected: (id: string) => chosen.has(id),
    select,
    selectAll: (on: boolean) => setChosen(new Set(on ? items.map((request) => request.id) : [])),
    decide,
    press,
  };
}
