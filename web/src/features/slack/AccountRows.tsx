import Button from "@cloudscape-design/components/button";
import { useState } from "react";

import type { Person, SlackAccount } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { nameOf } from "./link";
import { UnlinkDialog } from "./UnlinkDialog";

export interface AccountRow {
  account: SlackAccount;
  /** Whose it is, where these are not one's own. */
  person?: Person;
}

interface Props {
  label: string;
  rows: AccountRow[];
  /** Whether the links may be ended by whoever looks. */
  mayUnlink: boolean;
}

const keyOf = ({ account, person }: AccountRow) => `${person?.id ?? ""}/${account.workspace}/${account.id}`;

/** Linked accounts one below the other, each with what ends the link. */
export function AccountRows({ label, rows, mayUnlink }: Props) {
  const [unlinking, setUnlinking] = useState<AccountRow>();
  return (
    <>
      <ul className="rows" aria-label={label}>
        {rows.map((row) => (
          <Row key={keyOf(row)} row={row} onUnlink={mayUnlink ? () => setUnlinking(row) : undefined} />
        ))}
      </ul>
      {unlinking !== undefined && <UnlinkDialog {...unlinking} onClose={() => setUnlinking(undefined)} />}
    </>
  );
}

function Row({ row, onUnlink }: { row: AccountRow; onUnlink: (() => void) | undefined }) {
  const text = useText();
  const { account, person } = row;
  const name = nameOf(account);
  const whole =
    person === undefined
      ? text("slack.unlinkOne", { account: name })
      : text("slack.unlinkOf", { account: name, person: person.display_name });
  return (
    <li className="row">
      <div className="row-main">
        {person !== undefined && (
          <span className="row-person">{`${person.display_name} (${person.user_name})`}</span>
        )}
        <span className={person === undefined ? "row-person" : undefined}>{name}</span>
        <span className="row-quiet">
          {text("slack.accountIds", { id: account.id, workspace: account.workspace })}
        </span>
        <span className="row-quiet">
          <Text id="slack.linkedAt" values={{ at: <Moment at={account.linked_at} /> }} />
        </span>
      </div>
      {onUnlink && (
        <div className="row-side">
          <Button ariaLabel={whole} onClick={onUnlink}>
            {text("slack.unlink")}
          </Button>
        </div>
      )}
    </li>
  );
}
