import FormField from "@cloudscape-design/components/form-field";
import Multiselect, { type MultiselectProps } from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type Ref } from "react";

import type { EligibleAccount } from "../../api/types";
import { useText } from "../../i18n/useText";
import { unitPath } from "../requests/Target";
import { useDebounced } from "../../app/useDebounced";
import { AccountPicks } from "./AccountPicks";
import { useAccountSearch } from "./useOffers";

interface Props {
  chosen: string[];
  known: EligibleAccount[];
  onChange: (accounts: string[]) => void;
  errorText: string | undefined;
  ref: Ref<MultiselectProps.Ref>;
}

function toOption({ account }: EligibleAccount): MultiselectProps.Option {
  return {
    value: account.id,
    label: account.name,
    labelTag: account.id,
    description: unitPath(account),
  };
}

/** Accounts by name, id or unit; several if need be. */
export function AccountField({ chosen, known, onChange, errorText, ref }: Props) {
  const text = useText();
  const [typed, setTyped] = useState("");
  const search = useAccountSearch(useDebounced(typed));
  const labelled = (id: string): MultiselectProps.Option => {
    const found = known.find(({ account }) => account.id === id);
    return found === undefined ? { value: id, label: id } : toOption(found);
  };
  return (
    <FormField label={text("form.accounts")} errorText={errorText} stretch>
      <SpaceBetween size="xs">
        <AccountPicks chosen={chosen} onChange={onChange} />
        <Multiselect
          ref={ref}
          selectedOptions={chosen.map(labelled)}
          options={(search.accounts ?? []).map(toOption)}
          filteringType="manual"
          filteringPlaceholder={text("form.accountsSearch")}
          filteringAriaLabel={text("form.accountsSearch")}
          placeholder={text("form.accountsPlaceholder")}
          statusType={
            search.isFetching
              ? "loading"
              : search.isError
                ? "error"
                : search.hasNextPage
                  ? "pending"
                  : "finished"
          }
          loadingText={text("state.loading")}
          errorText={text("form.accountsError")}
          recoveryText={text("action.retry")}
          empty={text("form.accountsNone")}
          keepOpen={false}
          tokenLimit={6}
          onLoadItems={({ detail }) => {
            setTyped(detail.filteringText);
            if (!detail.firstPage && search.hasNextPage) void search.fetchNextPage();
            if (detail.samePage) void search.refetch();
          }}
          onChange={({ detail }) => onChange(detail.selectedOptions.flatMap((option) => option.value ?? []))}
        />
      </SpaceBetween>
    </FormField>
  );
}
