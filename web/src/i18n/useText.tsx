import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";

import type en from "../messages/en.json";

export type MessageId = keyof typeof en;
export type Values = Record<string, string | number>;

/** A text of the catalogue in the language in use. */
export function useText(): (id: MessageId, values?: Values) => string {
  const intl = useIntl();
  return (id, values) => intl.formatMessage({ id }, values);
}

type RichValues = Record<string, string | number | ReactNode | ((chunks: ReactNode[]) => ReactNode)>;

/** A text with parts that are more than text. `<b>` is always understood. */
export function Text({ id, values }: { id: MessageId; values?: RichValues }) {
  return <FormattedMessage id={id} values={{ b: bold, ...values }} />;
}

const bold = (chunks: ReactNode[]) => <strong>{chunks}</strong>;
