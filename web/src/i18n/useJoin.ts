import { useText } from "./useText";

/** Names one after the other, as the language separates them, and how many more there are. */
export function useJoin(): (names: string[], more?: number) => string {
  const text = useText();
  return (names, more = 0) =>
    names.join(text("list.separator")) + (more > 0 ? ` ${text("list.more", { count: more })}` : "");
}
