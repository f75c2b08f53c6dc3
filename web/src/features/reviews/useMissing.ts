import type { RequestView } from "../../api/types";
import { useJoin } from "../../i18n/useJoin";
import { useText } from "../../i18n/useText";
import { unmet } from "./needs";

/** So many of those who could approve are named. */
const NAMED = 3;

/** Which approvals are still missing: the policy, which may ask for several, and from whom. */
export function useMissing(): (request: Pick<RequestView, "requirements">) => string {
  const text = useText();
  const join = useJoin();
  return (request) => {
    const told = unmet(request).map(({ policy, reviewers, reviewers_count: count }) => {
      const named = reviewers.slice(0, NAMED).map(({ display_name }) => display_name);
      const names = join(named, count - named.length);
      return names === "" ? policy.name : text("review.missing", { policy: policy.name, names });
    });
    return join(told);
  };
}
