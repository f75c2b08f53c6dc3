import type { InboxItem } from "../../api/types";

export interface FoldedItem {
  /** The newest of them. */
  item: InboxItem;
  count: number;
  anyUnread: boolean;
}

const alike = (a: InboxItem, b: InboxItem) => a.kind === b.kind && a.request == null && b.request == null;

/** Neighbours that say the same and lead nowhere are told once, with their number. */
export function fold(items: InboxItem[], isNew: (item: InboxItem) => boolean): FoldedItem[] {
  const folded: FoldedItem[] = [];
  for (const item of items) {
    const last = folded.at(-1);
    if (last !== undefined && alike(last.item, item)) {
      last.count += 1;
      last.anyUnread ||= isNew(item);
    } else {
      folded.push({ item, count: 1, anyUnread: isNew(item) });
    }
  }
  return folded;
}
