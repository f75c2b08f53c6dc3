import { applyMode, Mode } from "@cloudscape-design/global-styles";

import { readPreference, writePreference } from "./preferences";

export const APPEARANCES = ["system", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");

export function currentAppearance(): Appearance {
  const stored = readPreference("appearance");
  return APPEARANCES.find((known) => known === stored) ?? "system";
}

export function chooseAppearance(appearance: Appearance): void {
  writePreference("appearance", appearance);
  apply();
}

/** Sets light or dark, and follows the system unless somebody chose. */
export function startAppearance(): void {
  apply();
  prefersDark().addEventListener("change", apply);
}

function apply(): void {
  const chosen = currentAppearance();
  const dark = chosen === "dark" || (chosen === "system" && prefersDark().matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
}
