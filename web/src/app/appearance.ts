import { applyMode, Mode } from "@cloudscape-design/global-styles";
import * as tokens from "@cloudscape-design/design-tokens";

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

/** Sets light or dark, follows the system, and offers Cloudscape's colours to our own style sheet. */
export function startAppearance(): void {
  apply();
  prefersDark().addEventListener("change", apply);
  for (const [name, value] of Object.entries(OFFERED)) document.body.style.setProperty(name, value);
}

function apply(): void {
  const chosen = currentAppearance();
  const dark = chosen === "dark" || (chosen === "system" && prefersDark().matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
}

const OFFERED: Record<string, string> = {
  "--kari-text": tokens.colorTextBodyDefault,
  "--kari-text-quiet": tokens.colorTextBodySecondary,
  "--kari-heading": tokens.colorTextHeadingDefault,
  "--kari-border": tokens.colorBorderDividerDefault,
  "--kari-surface": tokens.colorBackgroundContainerContent,
  "--kari-page": tokens.colorBackgroundLayoutMain,
  "--kari-accent": tokens.colorTextAccent,
  "--kari-on-accent": tokens.colorTextButtonPrimaryDefault,
  "--kari-border-control": tokens.colorBorderInputDefault,
  "--kari-success": tokens.colorTextStatusSuccess,
  "--kari-warning": tokens.colorTextStatusWarning,
  "--kari-error": tokens.colorTextStatusError,
  "--kari-font": tokens.fontFamilyBase,
  "--kari-mono": tokens.fontFamilyMonospace,
};
