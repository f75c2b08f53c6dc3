import type { Settings } from "../../api/types";

const said = (value: unknown) => JSON.stringify(value ?? null);

/** Whether some setting is another one; what is left out is the same as nothing. */
export function differ(one: Settings, other: Settings): boolean {
  const fields = Object.keys({ ...one, ...other }) as (keyof Settings)[];
  return fields.some((field) => said(one[field]) !== said(other[field]));
}
