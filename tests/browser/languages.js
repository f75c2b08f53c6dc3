// The languages of the portal: whose browser asks for which, and what is said in it.
import { readFileSync } from "node:fs";

export const LANGUAGES = { en: "en-GB", ja: "ja-JP" };

/** The catalogue of the language. */
export const messages = (language) =>
  JSON.parse(readFileSync(new URL(`../../web/src/messages/${language}.json`, import.meta.url), "utf8"));
