import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { Text, useText } from "../../i18n/useText";
import { DirectoryPicker } from "../directory/DirectoryPicker";
import { CheckedField, CheckedGroup } from "../../app/CheckedField";
import { useMe } from "../../app/useMe";
import type { WholePolicies } from "./whole";

type Policy = WholePolicies["approvers"];
type Requirement = Policy["requirements"][number];

const PEOPLE = ["groups", "users"] as const;
const NEW: Requirement = { reviewers: { users: [], groups: [] }, quorum: 1 };

/** Who must approve, who is told, and whether that comes on top of other policies. */
export function ApproverRules({
  policy,
  onChange,
}: {
  policy: Policy;
  onChange: (part: Partial<Policy>) => void;
}) {
  const text = useText();
  const { data: me } = useMe();
  const { requirements } = policy;
  const channel = policy.slack_channel ?? "";
  const put = (index: number, ...replacement: Requirement[]) =>
    onChange({ requirements: requirements.toSpliced(index, 1, ...replacement) });
  return (
    <SpaceBetween size="l">
      <CheckedGroup
        field="requirements"
        label={text("policies.requirements")}
        description={text("policies.requirementsHint")}
      >
        <SpaceBetween size="s">
          {requirements.map((requirement, index) => (
            <RequirementRow
              key={index}
              number={index + 1}
              requirement={requirement}
              onChange={(changed) => put(index, changed)}
              onRemove={() => put(index)}
            />
          ))}
          <Button iconName="add-plus" onClick={() => put(requirements.length, NEW)}>
            {text("policies.addRequirement")}
          </Button>
        </SpaceBetween>
      </CheckedGroup>
      <Checkbox
        checked={policy.in_addition}
        description={text("policies.inAdditionHint")}
        onChange={({ detail }) => onChange({ in_addition: detail.checked })}
      >
        {text("policies.inAdditionChoice")}
      </Checkbox>
      {(me?.channels.includes("slack") === true || policy.portal_only) && (
        <Checkbox
          checked={policy.portal_only}
          description={text("policies.portalOnlyHint")}
          onChange={({ detail }) => onChange({ portal_only: detail.checked })}
        >
          {text("policies.portalOnly")}
        </Checkbox>
      )}
      <CheckedField field="notify" label={text("policies.notify")} description={text("policies.notifyHint")}>
        <DirectoryPicker
          parts={PEOPLE}
          chosen={policy.notify}
          onChange={(notify) => onChange({ notify })}
          placeholder={text("policies.choosePeople")}
        />
      </CheckedField>
      {(me?.channels.includes("slack") === true || channel !== "") && (
        <CheckedField
          field="slack_channel"
          label={text("policies.slackChannel")}
          description={text("policies.slackChannelHint")}
        >
          <Input
            value={channel}
            placeholder="#access-requests"
            onChange={({ detail }) => onChange({ slack_channel: detail.value === "" ? null : detail.value })}
          />
        </CheckedField>
      )}
    </SpaceBetween>
  );
}

interface RowProps {
  number: number;
  requirement: Requirement;
  onChange: (requirement: Requirement) => void;
  onRemove: () => void;
}

function RequirementRow({ number, requirement, onChange, onRemove }: RowProps) {
  const text = useText();
  const quorum = (
    <Input
      type="number"
      inputMode="numeric"
      value={requirement.quorum === 0 ? "" : String(requirement.quorum)}
      nativeInputAttributes={{ min: 1, max: 10 }}
      ariaLabel={text("policies.quorumLabel")}
      onChange={({ detail }) => onChange({ ...requirement, quorum: Math.trunc(Number(detail.value)) })}
    />
  );
  return (
    <div className="requirement" role="group" aria-label={text("policies.requirement", { number })}>
      <div className="requirement-quorum">
        <Text id="policies.quorumField" values={{ quorum }} />
      </div>
      <DirectoryPicker
        parts={PEOPLE}
        chosen={requirement.reviewers}
        onChange={(reviewers) => onChange({ ...requirement, reviewers })}
        placeholder={text("policies.choosePeople")}
        ariaLabel={text("policies.reviewers")}
      />
      <Button
        variant="icon"
        iconName="remove"
        ariaLabel={text("policies.removeRequirement", { number })}
        onClick={onRemove}
      />
    </div>
  );
}
