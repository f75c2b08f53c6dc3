import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";

import { useText } from "../../i18n/useText";
import { useDirectoryAge } from "./useDirectoryAge";

interface Props {
  /** Says it also while the directory is fresh. */
  always?: boolean;
}

/** Of when the people, groups and accounts are that one chooses from. */
export function DirectoryAge({ always = false }: Props) {
  const text = useText();
  const { said, old } = useDirectoryAge();
  if (old !== undefined) {
    return (
      <Alert type="warning" header={old}>
        {text("directory.oldHint")}
      </Alert>
    );
  }
  return always ? (
    <Box variant="small" color="text-body-secondary">
      {said}
    </Box>
  ) : null;
}
