import Box from "@cloudscape-design/components/box";

import type { Person, SlackAccount } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { QuestionDialog } from "../../app/QuestionDialog";
import { useText } from "../../i18n/useText";
import { nameOf } from "./link";
import { useUnlink } from "./queries";
import { useSlack } from "./useSlack";

interface Props {
  account: SlackAccount;
  /** Whose it is, if not one's own. */
  person?: Person;
  onClose: () => void;
}

/** Asks once before a link is ended, and says what that does and what it does not. */
export function UnlinkDialog({ account, person, onClose }: Props) {
  const text = useText();
  const { linkedOnly } = useSlack();
  const unlink = useUnlink();
  const name = nameOf(account);
  return (
    <QuestionDialog
      title={
        person === undefined
          ? text("slack.unlinkOne", { account: name })
          : text("slack.unlinkOf", { account: name, person: person.display_name })
      }
      confirm={text("slack.unlink")}
      pending={unlink.isPending}
      onConfirm={() => unlink.mutate({ account, person }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Box>{text(person === undefined ? "slack.unlinkHint" : "slack.unlinkOfHint")}</Box>
      {/* NB. Who believes somebody to be cut off who is not, is worse off than before. */}
      {!linkedOnly && <Box>{text("slack.unlinkByEmail", { setting: text("settings.slackLinkedOnly") })}</Box>}
      {unlink.isError && <ErrorNote error={unlink.error} />}
    </QuestionDialog>
  );
}
