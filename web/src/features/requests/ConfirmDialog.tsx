import FormField from "@cloudscape-design/components/form-field";
import Textarea from "@cloudscape-design/components/textarea";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { ErrorNote } from "../../app/ErrorNote";
import { QuestionDialog } from "../../app/QuestionDialog";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import type { Failed } from "./onEach";

interface Props {
  title: string;
  confirm: string;
  /** Whether there is room for a word of explanation. */
  comment: boolean;
  disabled?: boolean;
  /** Answers with what could not be done. */
  onConfirm: (comment: string) => Promise<Failed[]>;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks once before something is done. Until it is done it stays, with what was typed, and can be sent again. */
export function ConfirmDialog({ title, confirm, comment: commented, onClose, ...props }: Props) {
  const text = useText();
  const problemText = useProblemText();
  const [comment, setComment] = useState("");
  const sending = useMutation({ mutationFn: props.onConfirm });
  const send = () =>
    sending.mutate(comment, { onSuccess: (failed) => (failed.length === 0 ? onClose() : undefined) });
  return (
    <QuestionDialog
      title={title}
      confirm={confirm}
      pending={sending.isPending}
      disabled={props.disabled ?? false}
      onConfirm={send}
      onClose={onClose}
    >
      {props.children}
      {commented && (
        <FormField label={text("comment.label")} description={text("comment.hint")} stretch>
          <Textarea value={comment} rows={3} onChange={({ detail }) => setComment(detail.value)} />
        </FormField>
      )}
      {sending.data?.map(({ request, error }) => (
        <ErrorNote
          key={request.id}
          title={`${request.account.name}: ${problemText(error).header}`}
          error={error}
        />
      ))}
    </QuestionDialog>
  );
}
