import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { Person, SlackAccount } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
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
  // What is on its way is no longer cancelled, and its answer shall find a reader.
  const close = () => (unlink.isPending ? undefined : onClose());
  return (
    <Modal
      visible
      header={
        person === undefined
          ? text("slack.unlinkOne", { account: name })
          : text("slack.unlinkOf", { account: name, person: person.display_name })
      }
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" disabled={unlink.isPending} onClick={close}>
              {text("action.cancel")}
            </Button>
            <Button
              variant="primary"
              loading={unlink.isPending}
              onClick={() => unlink.mutate({ account, person }, { onSuccess: onClose })}
            >
              {text("slack.unlink")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box>{text(person === undefined ? "slack.unlinkHint" : "slack.unlinkOfHint")}</Box>
        {/* NB. Who believes somebody to be cut off who is not, is worse off than before. */}
        {!linkedOnly && (
          <Box>{text("slack.unlinkByEmail", { setting: text("settings.slackLinkedOnly") })}</Box>
        )}
        {unlink.isError && <ErrorNote error={unlink.error} />}
      </SpaceBetween>
    </Modal>
  );
}
