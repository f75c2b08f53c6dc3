import { expect, it } from "vitest";

import type { RequestView } from "../src/api/types";
import { onEach } from "../src/features/requests/onEach";

const requests = ["a", "b", "c"].map((id) => ({ id }) as RequestView);
const lost = new Error("the network is gone");

it("several at once: one that fails holds up no other, and is named so that it can be sent again", async () => {
  const { done, failed } = await onEach(requests, ({ id }) =>
    id === "b" ? Promise.reject(lost) : Promise.resolve(id),
  );
  expect(done).toEqual(["a", "c"]);
  expect(failed).toEqual([{ request: requests[1], error: lost }]);
});

it("several at once: what worked on the second sending is done", async () => {
  const { failed } = await onEach(requests, ({ id }) =>
    id === "c" ? Promise.reject(lost) : Promise.resolve(id),
  );
  const again = await onEach(
    failed.map(({ request }) => request),
    ({ id }) => Promise.resolve(id),
  );
  expect(again).toEqual({ done: ["c"], failed: [] });
});
