import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { NAME, NOTE, QUORUM } from "../src/features/policies/formProblems";
import { LONGEST, LONGEST_AT_FIRST, SHORTEST } from "../src/features/request-form/offers";
import { LIMITS } from "../src/features/request-form/texts";

interface Document {
  components: { schemas: Record<string, { properties: Record<string, object> }> };
}

const file = join(import.meta.dirname, "../../functions/api/openapi.json");
const { schemas } = (JSON.parse(readFileSync(file, "utf8")) as Document).components;

const { justification, ticket } = LIMITS;

/** Forms repeat them to say at once what would be refused; the API alone decides. */
it.each([
  ["Submission", "justification", { minLength: justification.shortest, maxLength: justification.longest }],
  ["Submission", "ticket", { minLength: ticket.shortest, maxLength: ticket.longest }],
  ["Submission", "duration_minutes", { minimum: SHORTEST }],
  [
    "Settings",
    "maximum_duration_minutes",
    { minimum: SHORTEST, maximum: LONGEST, example: LONGEST_AT_FIRST },
  ],
  ["EligibilityPolicy", "name", { maxLength: NAME.highest }],
  ["EligibilityPolicy", "note", { maxLength: NOTE }],
  ["ApproverRequirement", "quorum", { minimum: QUORUM.lowest, maximum: QUORUM.highest }],
])("the limits that a form knows are those of the API: %s, %s", (schema, field, limits) => {
  expect(schemas[schema]?.properties[field]).toMatchObject(limits);
});
