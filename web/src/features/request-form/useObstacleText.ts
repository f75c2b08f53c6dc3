import { useSentences } from "../../i18n/useJoin";
import { useProblemText } from "../../i18n/useProblemText";
import { useReasonText } from "../../i18n/useReasonText";
import type { Obstacle } from "./obstacles";

/** Everything that stands against sending, in the reader's language. */
export function useObstacleText(): (obstacles: Obstacle[]) => string {
  const reasonText = useReasonText();
  const sentences = useSentences();
  const problemText = useProblemText();
  const one = (obstacle: Obstacle) =>
    "error" in obstacle ? problemText(obstacle.error).content : reasonText(obstacle.reason);
  return (obstacles) => sentences(obstacles.map(one));
}
