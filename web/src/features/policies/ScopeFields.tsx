import Checkbox from "@cloudscape-design/components/checkbox";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { useText } from "../../i18n/useText";
import { DirectoryPicker } from "../directory/DirectoryPicker";
import { CheckedField, CheckedGroup } from "../../app/CheckedField";
import type { WholePermissionSets, WholePrincipals, WholeTargets } from "./whole";

interface Field<T> {
  value: T;
  onChange: (value: T) => void;
}

const PEOPLE = ["groups", "users"] as const;
const PLACES = ["units", "accounts"] as const;
const SETS = ["permission-sets"] as const;

/** Whom the policy is for. */
export function WhoField({ value, onChange }: Field<WholePrincipals>) {
  const text = useText();
  const named = value.users.length + value.groups.length > 0;
  return (
    <CheckedGroup field="principals" label={text("policies.who")}>
      <SpaceBetween size="xs">
        <Checkbox
          checked={value.everyone}
          onChange={({ detail }) => onChange({ ...value, everyone: detail.checked })}
        >
          {text("policies.everyoneChoice")}
        </Checkbox>
        {(!value.everyone || named) && (
          <DirectoryPicker
            parts={PEOPLE}
            chosen={value}
            onChange={(people) => onChange({ ...value, ...people })}
            placeholder={text("policies.choosePeople")}
            ariaLabel={text("policies.who")}
          />
        )}
      </SpaceBetween>
    </CheckedGroup>
  );
}

/** Which accounts the policy is for. */
export function WhereField({ value, onChange, restricts }: Field<WholeTargets> & { restricts: boolean }) {
  const text = useText();
  return (
    <SpaceBetween size="l">
      <CheckedGroup
        field="targets"
        label={text("policies.where")}
        description={text(restricts ? "policies.whereRestricts" : "policies.whereOpens")}
      >
        <SpaceBetween size="xs">
          <Checkbox
            checked={value.all}
            onChange={({ detail }) => onChange({ ...value, all: detail.checked })}
          >
            {text("policies.allAccountsChoice")}
          </Checkbox>
          <DirectoryPicker
            parts={PLACES}
            chosen={value}
            onChange={(places) => onChange({ ...value, ...places })}
            placeholder={text("policies.choosePlaces")}
            ariaLabel={text("policies.where")}
          />
        </SpaceBetween>
      </CheckedGroup>
      <CheckedField field="targets.excluded_accounts" label={text("policies.exceptions")}>
        <DirectoryPicker
          parts={PLACES}
          chosen={{ units: value.excluded_units, accounts: value.excluded_accounts }}
          onChange={({ units, accounts }) =>
            onChange({ ...value, excluded_units: units, excluded_accounts: accounts })
          }
          placeholder={text("policies.chooseExceptions")}
        />
      </CheckedField>
    </SpaceBetween>
  );
}

/** Which permission sets the policy is for. */
export function WhatField({ value, onChange }: Field<WholePermissionSets>) {
  const text = useText();
  return (
    <CheckedGroup field="permission_sets" label={text("policies.what")}>
      <SpaceBetween size="xs">
        <RadioGroup
          value={value === "all" ? "all" : "these"}
          items={[
            { value: "all", label: text("policies.allPermissionSetsChoice") },
            { value: "these", label: text("policies.thesePermissionSets") },
          ]}
          ariaLabel={text("policies.what")}
          onChange={({ detail }) => onChange(detail.value === "all" ? "all" : { these: [] })}
        />
        {value !== "all" && (
          <DirectoryPicker
            parts={SETS}
            chosen={{ "permission-sets": value.these }}
            onChange={(chosen) => onChange({ these: chosen["permission-sets"] })}
            placeholder={text("policies.choosePermissionSets")}
            ariaLabel={text("policies.what")}
          />
        )}
      </SpaceBetween>
    </CheckedGroup>
  );
}
