import FormField from "@cloudscape-design/components/form-field";
import Textarea from "@cloudscape-design/components/textarea";

import { useText } from "../../i18n/useText";
import type { useDraft } from "./useDraft";

/** A policy as text, as it is stored and sent. */
export function PolicyJson({ draft }: { draft: ReturnType<typeof useDraft> }) {
  const text = useText();
  return (
    <div className="editor">
      <FormField
        label={text("policies.text")}
        description={text("policies.textHint")}
        errorText={
          draft.trouble !== undefined &&
          text(draft.trouble === "malformed" ? "policies.malformed" : "policies.notForForm")
        }
        stretch
      >
        <Textarea
          value={draft.json}
          rows={28}
          spellcheck={false}
          onChange={({ detail }) => draft.write(detail.value)}
        />
      </FormField>
    </div>
  );
}
