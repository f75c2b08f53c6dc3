import type { RequestAction, RequestView } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { useProblemText } from "../../i18n/useProblemText";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { newsOf } from "../inbox/kinds";
import { useMissing } from "../reviews/useMissing";
import { endedUnbegun } from "./closings";
import { useAct, type Act } from "./queries";

const DONE: Record<RequestAction, MessageId> = {
  approve: "done.approve",
  deny: "done.deny",
  withdraw: "done.withdraw",
  revoke: "done.revoke",
};

/** What is said of what was done, where the action alone does not tell. */
export interface Said {
  /** Until when another grant keeps the access that this one gave. */
  keptUntil?: string | null;
}

/** Acts and says what was done. Where nothing else says what went wrong, `press` does. */
export function useActWithFlash() {
  const problemText = useProblemText();
  const { show } = useFlashes();
  const mutation = useAct();
  const done = useDoneText();
  const act = async (one: Act, said: Said = {}): Promise<void> => {
    const after = await mutation.mutateAsync(one);
    show({
      // News of the same request takes its place; it would not say that the access is kept.
      ...(said.keptUntil == null ? { id: newsOf(one.id) } : {}),
      own: true,
      type: "success",
      content: done(one.action, after, said),
    });
  };
  const press = (one: Act): Promise<void> =>
    act(one).catch((error: unknown) => show({ type: "error", ...problemText(error) }));
  return { act, press, busy: mutation.isPending };
}

function useDoneText(): (action: RequestAction, after: RequestView, said: Said) => string {
  const text = useText();
  const times = useTimes();
  const missing = useMissing();
  return (action, after, { keptUntil = null }) => {
    const values = {
      permissionSet: after.permission_set.name,
      account: after.account.name,
      requester: after.requester.display_name,
    };
    if (action === "revoke" && keptUntil !== null)
      return text("done.revokeKept", { ...values, until: times.moment(keptUntil) });
    if (action === "revoke" && endedUnbegun(after)) return text("done.revokeNotBegun", values);
    if (action === "approve" && after.state === "pending")
      return text("done.approveWaits", { ...values, missing: missing(after) });
    return text(DONE[action], values);
  };
}
