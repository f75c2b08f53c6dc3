import { useText, type MessageId } from "./useText";

/**
 * What is counted where not all are named: Japanese counts people in another way than things, and groups beside people in
 * neither.
 */
type More = Extract<MessageId, "list.more" | "list.moreNamed" | "list.moreThings">;

/** Names one after the other, as the language separates them, and how many more there are. */
export function useJoin(counted: More = "list.more"): (names: string[], more?: number) => string {
  const text = useText();
  return (names, more = 0) =>
    names.join(text("list.separator")) + (more > 0 ? ` ${text(counted, { count: more })}` : "");
}

/** Sentences one after the other: Japanese has no space between them, but after what is not Japanese. */
export function useSentences(): (sentences: string[]) => string {
  const text = useText();
  return (sentences) =>
    sentences.reduce((said, next) => {
      if (said === "") return next;
      return /[!-~]$/.test(said) ? `${said} ${next}` : text("list.sentences", { first: said, next });
    }, "");
}
