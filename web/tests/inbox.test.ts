import { expect, it } from "vitest";

import type { InboxItem } from "../src/api/types";
import { fold, isNew } from "../src/features/inbox/fold";

const news = (kind: InboxItem["kind"], request: string | null): InboxItem => ({
  id: 1,
  kind,
  request,
  stream: request === null ? "policies" : `request/${request}`,
  at: "2026-11-22T04:00:00Z",
  read: false,
  decided: false,
  sequence: 1,
  requester: "",
  account: "",
  permission_set: "",
});

it("neighbours that say the same are told once, but never news of requests", () => {
  const items = [
    news("policies-changed", null),
    news("policies-changed", null),
    news("active", "a"),
    news("active", "b"),
    news("policies-changed", null),
  ];
  expect(fold(items, () => false).map(({ count }) => count)).toEqual([2, 1, 1, 1]);
});

it("folded news is new if any of it is", () => {
  const [old, fresh] = [news("policies-changed", null), news("policies-changed", null)];
  expect(fold([old, fresh], (item) => item === fresh)).toEqual([{ item: old, count: 2, anyUnread: true }]);
});

it("that a review is wanted is new until it is read or the request is decided", () => {
  const wanted = news("review-wanted", "a");
  expect([wanted, { ...wanted, read: true }, { ...wanted, decided: true }].map(isNew)).toEqual([
    true,
    false,
    false,
  ]);
});
