import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { useText } from "../../i18n/useText";
import { useChangePolicy } from "./queries";

interface Props {
  kind: PolicyKind;
  policy: AnyPolicy;
  /** The version that was looked at; none for a new policy. */
  before?: Versioned<AnyPolicy>;
  readOnly: boolean;
  onClose: () => void;
}

/** A policy as text. Whether it makes sense is for the API to say. */
export function PolicyEditor({ kind, policy, before, readOnly, onClose }: Props) {
  const text = useText();
  const change = useChangePolicy(kind);
  const [json, setJson] = useState(() => JSON.stringify(policy, null, 2));
  const [malformed, setMalformed] = useState(false);
  const save = () => {
    const parsed = parse(json);
    setMalformed(parsed === undefined);
    if (parsed === undefined) return;
    const done = { onSuccess: onClose };
    if (before === undefined) change.mutate({ type: "create", policy: parsed }, done);
    else change.mutate({ type: "update", before, policy: parsed }, done);
  };
  return (
    <Modal
      visible
      size="large"
      header={before === undefined ? text("policies.create") : policy.name}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" onClick={onClose}>
              {text(readOnly ? "action.close" : "action.cancel")}
            </Button>
            {!readOnly && (
              <Button variant="primary" loading={change.isPending} onClick={save}>
                {text("action.save")}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div className="editor">
          <FormField
            label={text("policies.text")}
            errorText={malformed && text("policies.malformed")}
            stretch
          >
            <Textarea
              value={json}
              rows={22}
              spellcheck={false}
              readOnly={readOnly}
              onChange={({ detail }) => setJson(detail.value)}
            />
          </FormField>
        </div>
        {change.isError && <ErrorNote error={change.error} />}
      </SpaceBetween>
    </Modal>
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
