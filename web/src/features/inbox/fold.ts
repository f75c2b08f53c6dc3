import type { InboxItem } from "../../api/types";

export interface FoldedItem {
  /** The newest of them. */
  item: InboxItem;
  count: number;
  anyUnread: boolean;
}

/** Not looked at yet, and still news: that a review is wanted is none once the request is decided. */
export const isNew = (item: InboxItem) => !item.read && !item.decided;

const alike = (a: InboxItem, b: InboxItem) => a.kind === b.kind && a.request == null && b.request == null;

/** Neighbours that say the same and lead nowhere are told once, with their number. */
export function fold(items: InboxItem[], counts: (item: InboxItem) => boolean): FoldedItem[] {
  const folded: FoldedItem[] = [];
  for (const item of items) {
    const last = folded.at(-1);
    if (last !== undefined && alike(last.item, item)) {
      last.count += 1;
      last.anyUnread ||= counts(item);
    } else {
      folded.push({ item, count: 1, anyUnread: counts(item) });
    }
  }
  return folded;
}
