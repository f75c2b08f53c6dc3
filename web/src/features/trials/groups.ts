import type { Reach, Reason, RequirementOutlook, Trial, TrialDifference, Tried } from "../../api/types";

/** People for whom the change would be the same. */
export interface Alike {
  difference: TrialDifference;
  names: string[];
  before: Reach | null;
  after: Reach | null;
  reasons: Reason[];
}

/** Whoever it is the same for is told together, in the order of the list. */
export function alike(people: Tried[]): Alike[] {
  const groups = new Map<string, Alike>();
  for (const { person, difference, before, after, reasons } of people) {
    const key = JSON.stringify([difference, before, after, reasons]);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { difference, names: [person.display_name], before, after, reasons });
    else group.names.push(person.display_name);
  }
  return [...groups.values()];
}

const asked = ({ quorum, reviewers_count, reviewers }: RequirementOutlook) =>
  JSON.stringify([quorum, reviewers_count, reviewers.map(({ id }) => id)]);

/** Whether other people, or more or fewer of them, would have to approve. */
export function approversDiffer({ requirements_before: before, requirements_after: after }: Trial): boolean {
  return JSON.stringify(before.map(asked)) !== JSON.stringify(after.map(asked));
}

/** Whether anything would be different for anybody. */
export function anythingDiffers(trial: Trial): boolean {
  const { gains, loses, changes } = trial.counts;
  return gains + loses + changes > 0 || approversDiffer(trial);
}
