import type { RequestAction } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { useProblemText } from "../../i18n/useProblemText";
import { useText, type MessageId } from "../../i18n/useText";
import { newsOf } from "../inbox/kinds";
import { useAct, type Act } from "./queries";

const DONE: Record<RequestAction, MessageId> = {
  approve: "done.approve",
  deny: "done.deny",
  withdraw: "done.withdraw",
  revoke: "done.revoke",
};

/** Acts and says how it went; answers whether it worked. */
export function useActWithFlash() {
  const text = useText();
  const problemText = useProblemText();
  const { show } = useFlashes();
  const mutation = useAct();
  const run = async (act: Act): Promise<boolean> => {
    try {
      const after = await mutation.mutateAsync(act);
      show({
        // News of the same request takes its place.
        id: newsOf(act.id),
        type: "success",
        content: text(DONE[act.action], {
          permissionSet: after.permission_set.name,
          account: after.account.name,
          requester: after.requester.display_name,
        }),
      });
      return true;
    } catch (error) {
      show({ type: "error", ...problemText(error) });
      return false;
    }
  };
  return { run, busy: mutation.isPending };
}
