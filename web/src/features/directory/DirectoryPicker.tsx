import Multiselect, { type MultiselectProps } from "@cloudscape-design/components/multiselect";
import { useState } from "react";

import { useText, type MessageId } from "../../i18n/useText";
import { useDirectoryAge } from "./useDirectoryAge";
import { useDirectorySearch, type Part } from "./useDirectorySearch";
import { useNames } from "./useNames";

export type Chosen<P extends Part> = Record<P, string[]>;

interface Props<P extends Part> {
  /** The parts to choose from, in this order. */
  parts: readonly P[];
  chosen: Chosen<P>;
  onChange: (chosen: Chosen<P>) => void;
  placeholder: string;
  ariaLabel?: string;
  disabled?: boolean;
}

/** Several of a part, and one. */
const PART_TEXT: Record<Part, { all: MessageId; one: MessageId }> = {
  users: { all: "directory.users", one: "directory.user" },
  groups: { all: "directory.groups", one: "directory.group" },
  accounts: { all: "directory.accountsTitle", one: "directory.account" },
  units: { all: "directory.units", one: "directory.unit" },
  "permission-sets": { all: "directory.permissionSets", one: "fact.permissionSet" },
};

/** Which part an option is of goes with it, because ids of people and groups look alike. */
const valueOf = (part: Part, id: string) => `${part}:${id}`;
const partOf = (value: string) => value.slice(0, value.indexOf(":")) as Part;
const idOf = (value: string) => value.slice(value.indexOf(":") + 1);

/** Things of the directory chosen by name. */
export function DirectoryPicker<P extends Part>({
  parts,
  chosen,
  onChange,
  placeholder,
  ariaLabel,
  disabled,
}: Props<P>) {
  const text = useText();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const search = useDirectorySearch([...parts], typed, open);
  const { old } = useDirectoryAge();
  const { names } = useNames(parts.flatMap((part) => chosen[part]));
  const several = parts.length > 1;
  const selected = parts.flatMap((part) =>
    chosen[part].map((id): MultiselectProps.Option & { value: string } => ({
      value: valueOf(part, id),
      label: names(id),
      ...(several ? { labelTag: text(PART_TEXT[part].one) } : {}),
    })),
  );
  const groups = search.found.map(({ part, options }) => ({
    label: text(PART_TEXT[part].all),
    options: options.map((option) => ({ ...option, value: valueOf(part, option.value) })),
  }));
  const found = groups.filter(({ options }) => options.length > 0);
  const choose = (options: readonly MultiselectProps.Option[]) => {
    const values = options.flatMap(({ value }) => value ?? []);
    const of = (part: P) => values.filter((value) => partOf(value) === part).map(idOf);
    onChange(Object.fromEntries(parts.map((part) => [part, of(part)])) as Chosen<P>);
  };
  return (
    <Multiselect
      selectedOptions={selected}
      options={several ? found : found.flatMap(({ options }) => options)}
      filteringType="manual"
      filteringPlaceholder={text("directory.search")}
      filteringAriaLabel={text("directory.search")}
      placeholder={placeholder}
      {...(ariaLabel === undefined ? {} : { ariaLabel })}
      disabled={disabled ?? false}
      statusType={search.status}
      loadingText={text("state.loading")}
      errorText={text("directory.error")}
      recoveryText={text("action.retry")}
      finishedText={[search.more ? text("directory.more") : "", old ?? ""].join(" ").trim()}
      empty={text("directory.none")}
      keepOpen
      tokenLimit={8}
      onFocus={() => setOpen(true)}
      onLoadItems={({ detail }) => {
        setOpen(true);
        setTyped(detail.filteringText);
        if (detail.samePage) search.retry();
      }}
      onChange={({ detail }) => choose(detail.selectedOptions)}
    />
  );
}
