import type { RequestView } from "../../api/types";

type Requirement = RequestView["requirements"][number];
type Shown = Pick<RequestView, "requirements" | "actions" | "reviews">;

export const isMet = ({ met_by, quorum }: Requirement): boolean => met_by.length >= quorum;

export const unmet = ({ requirements }: Pick<RequestView, "requirements">): Requirement[] =>
  requirements.filter((requirement) => !isMet(requirement));

/** Whether somebody could approve for this requirement; where more could than are named, they may be one. */
const mayMeet = ({ reviewers, reviewers_count: count }: Requirement, person: string): boolean =>
  count > reviewers.length || reviewers.some(({ id }) => id === person);

export const hasApproved = ({ reviews }: Pick<RequestView, "reviews">, person: string): boolean =>
  reviews.some(({ decision, reviewer }) => decision === "approve" && reviewer.id === person);

/** Whether the request waits for this person, and not only for others. */
export function needs(request: Shown, person: string): boolean {
  return (
    request.actions.includes("approve") && unmet(request).some((requirement) => mayMeet(requirement, person))
  );
}
