import { expect, it } from "vitest";

import type { RequestState, RequestView } from "../src/api/types";
import { pollEvery, pollListEvery } from "../src/features/requests/motion";

const inState = (state: RequestState) => ({ state, window: null }) as RequestView;

it("a closed request is looked at rarely, and a list of them often enough to show new ones", () => {
  const closed = inState("closed");
  expect(pollEvery(closed)).toBe(15_000);
  expect([pollListEvery([closed]), pollListEvery([]), pollListEvery(undefined)]).toEqual([8000, 8000, 8000]);
  expect(pollListEvery([closed, inState("ending")])).toBe(pollEvery(inState("ending")));
});
