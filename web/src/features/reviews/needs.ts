import type { RequestView } from "../../api/types";

type Requirement = RequestView["requirements"][number];

export const unmet = ({ requirements }: Pick<RequestView, "requirements">): Requirement[] =>
  requirements.filter(({ met }) => !met);

export const hasApproved = ({ reviews }: Pick<RequestView, "reviews">, person: string): boolean =>
  reviews.some(({ decision, reviewer }) => decision === "approve" && reviewer.id === person);
