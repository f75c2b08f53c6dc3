/** In the order in which people look for names; where these are the same, as they came. */
export function byName<T extends { name: string }>(named: T[]): T[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return named.toSorted((one, other) => compare(one.name, other.name));
}
