import type { RequestView } from "../../api/types";

/** What could not be done, and with which request. */
export interface Failed {
  request: RequestView;
  error: unknown;
}

/** Does the same with each of them, where one that fails holds up no other. */
export async function onEach<Done>(
  requests: RequestView[],
  act: (request: RequestView) => Promise<Done>,
): Promise<{ done: Done[]; failed: Failed[] }> {
  const answers = await Promise.all(
    requests.map((request) =>
      act(request).then(
        (done) => ({ done }),
        (error: unknown) => ({ request, error }),
      ),
    ),
  );
  return {
    done: answers.flatMap((answer) => ("done" in answer ? [answer.done] : [])),
    failed: answers.flatMap((answer) => ("done" in answer ? [] : [answer])),
  };
}
