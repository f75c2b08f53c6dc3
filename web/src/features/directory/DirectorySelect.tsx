import Select from "@cloudscape-design/components/select";
import { useState } from "react";

import { useText } from "../../i18n/useText";
import { useDirectoryAge } from "./useDirectoryAge";
import { useDirectorySearch, type Option, type Part } from "./useDirectorySearch";
import { useNames } from "./useNames";

interface Props {
  part: Part;
  /** An id; empty while nothing is chosen. */
  chosen: string;
  onChange: (id: string) => void;
  placeholder: string;
  /** An option of its own for not choosing anything. */
  none?: string;
}

/** One thing of the directory chosen by name. */
export function DirectorySelect({ part, chosen, onChange, placeholder, none }: Props) {
  const text = useText();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const search = useDirectorySearch([part], typed, open);
  const { old } = useDirectoryAge();
  const { names } = useNames(chosen === "" ? [] : [chosen]);
  const nothing: Option[] = none === undefined ? [] : [{ value: "", label: none }];
  const selected = chosen === "" ? (nothing[0] ?? null) : { value: chosen, label: names(chosen) };
  return (
    <Select
      selectedOption={selected}
      options={[...(typed === "" ? nothing : []), ...search.found.flatMap(({ options }) => options)]}
      filteringType="manual"
      expandToViewport
      filteringPlaceholder={text("directory.search")}
      filteringAriaLabel={text("directory.search")}
      placeholder={placeholder}
      statusType={search.status}
      loadingText={text("state.loading")}
      errorText={text("directory.error")}
      recoveryText={text("action.retry")}
      finishedText={[search.more ? text("directory.more") : "", old ?? ""].join(" ").trim()}
      empty={text("directory.none")}
      onFocus={() => setOpen(true)}
      onLoadItems={({ detail }) => {
        setOpen(true);
        setTyped(detail.filteringText);
        if (detail.samePage) search.retry();
      }}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
    />
  );
}
