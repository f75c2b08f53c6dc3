import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { ErrorNote } from "../../app/ErrorNote";
import { useText } from "../../i18n/useText";
import { DirectorySelect } from "../directory/DirectorySelect";
import { TrialResult } from "./TrialResult";
import { sameQuestion, useTrial, type Change } from "./useTrial";

interface Props {
  change: Change;
  /** Where to begin: what the policy itself names. */
  account?: string | undefined;
  permissionSet?: string | undefined;
  /** Called with what the server says against the change; nothing when it takes it. */
  onError?: (error: unknown) => void;
}

/** Who could get a permission set on an account, and who would approve: asked before anything is saved. */
export function TryPanel({ change, account = "", permissionSet = "", onError }: Props) {
  const text = useText();
  const trial = useTrial();
  const [target, setTarget] = useState({ account, permissionSet });
  const [missing, setMissing] = useState(false);
  const question = { ...target, change };
  const run = () => {
    const incomplete = target.account === "" || target.permissionSet === "";
    setMissing(incomplete);
    if (incomplete) return;
    trial.mutate(question, { onSuccess: () => onError?.(null), onError: (error) => onError?.(error) });
  };
  const required = (value: string) => missing && value === "" && text("form.required");
  return (
    <SpaceBetween size="m">
      <FormField label={text("fact.permissionSet")} errorText={required(target.permissionSet)} stretch>
        <DirectorySelect
          part="permission-sets"
          chosen={target.permissionSet}
          placeholder={text("form.permissionSetChoose")}
          onChange={(chosen) => setTarget({ ...target, permissionSet: chosen })}
        />
      </FormField>
      <FormField label={text("fact.account")} errorText={required(target.account)} stretch>
        <DirectorySelect
          part="accounts"
          chosen={target.account}
          placeholder={text("trial.chooseAccount")}
          onChange={(chosen) => setTarget({ ...target, account: chosen })}
        />
      </FormField>
      <Button fullWidth loading={trial.isPending} onClick={run}>
        {text(change === null ? "trial.ask" : "trial.try")}
      </Button>
      {trial.isError && <ErrorNote error={trial.error} onRetry={run} marked={onError !== undefined} />}
      {trial.isSuccess && (
        <div role="status" className="trial">
          {!sameQuestion(trial.variables, question) && (
            <Box color="text-status-warning" padding={{ bottom: "s" }}>
              {text("trial.stale")}
            </Box>
          )}
          <TrialResult trial={trial.data} isChange={trial.variables.change !== null} />
        </div>
      )}
    </SpaceBetween>
  );
}
