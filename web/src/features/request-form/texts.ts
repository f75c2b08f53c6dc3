import type { MessageId } from "../../i18n/useText";

/** How long what people write may be, in characters, as the API counts them. */
export const LIMITS = {
  justification: { shortest: 10, longest: 1000 },
  ticket: { shortest: 1, longest: 100 },
} as const;

export type TextField = keyof typeof LIMITS;

/** Any language: an emoji is one character. */
export const lengthOf = (text: string): number => Array.from(text.trim()).length;

export interface TextProblem {
  text: MessageId;
  /** Whether it can only get better by writing more: that is said when somebody has finished. */
  early: boolean;
}

/** What is wrong with the length of a text; an empty one is a question of whether it is required. */
export function lengthProblem(field: TextField, text: string): TextProblem | undefined {
  const { shortest, longest } = LIMITS[field];
  const length = lengthOf(text);
  if (length > longest) return { text: "reason.text-too-long", early: false };
  if (length > 0 && length < shortest) return { text: "reason.text-too-short", early: true };
  return undefined;
}
