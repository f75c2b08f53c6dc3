type Preference = "language" | "appearance";

/** Storage may be switched off; a preference that cannot be kept is no reason to fail. */
export function readPreference(name: Preference): string | null {
  try {
    return localStorage.getItem(`kari.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: Preference, value: string): void {
  try {
    localStorage.setItem(`kari.${name}`, value);
  } catch {
    // The choice then holds until the page is left.
  }
}
