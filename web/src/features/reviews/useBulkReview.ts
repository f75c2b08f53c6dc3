import { useState } from "react";

import type { RequestView } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { useAct } from "../requests/queries";

export type Decision = "approve" | "deny";

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
  const decide = async (action: Decision, comment?: string) => {
    setBusy(true);
    const decided = permitted(action);
    const answers = await Promise.allSettled(
      decided.map((request) => act.mutateAsync({ id: request.id, action, comment })),
    );
    setBusy(false);
    setChosen(new Set());
    const done = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    // An approval counts although the request may still wait for others.
    const waits = action === "approve" ? done.filter(({ state }) => state === "pending").length : 0;
    const count = done.length - waits;
    if (done.length > 0)
      show({
        type: "success",
        content:
          waits > 0
            ? text("bulk.approvedWaits", { count, waits })
            : text(action === "approve" ? "bulk.approved" : "bulk.denied", { count }),
      });
    answers.forEach((answer, index) => {
      const request = decided[index];
      if (answer.status === "fulfilled" || request === undefined) return;
      const { header, content } = problemText(answer.reason);
      show({ type: "error", header: `${request.account.name}: ${header}`, content });
    });
  };
  return {
    selected,
    permitted,
    busy,
    isSelected: (id: string) => chosen.has(id),
    select,
    selectAll: (on: boolean) => setChosen(new Set(on ? items.map((request) => request.id) : [])),
    decide,
  };
}
