import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";

import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";
import { families, literals } from "./sources";

const catalogues: Record<string, Record<string, string>> = { en, ja };

/** Texts whose ids are put together from codes that the API sends. */
const FAMILIES = ["problem.", "reason."];

/** Everything a text is given: names of values and of tags, however deep. */
function placeholders(elements: MessageFormatElement[]): string[] {
  return elements.flatMap((element): string[] => {
    switch (element.type) {
      case TYPE.literal:
      case TYPE.pound:
        return [];
      case TYPE.argument:
      case TYPE.number:
      case TYPE.date:
      case TYPE.time:
        return [element.value];
      case TYPE.plural:
      case TYPE.select:
        return [
          element.value,
          ...Object.values(element.options).flatMap((option) => placeholders(option.value)),
        ];
      case TYPE.tag:
        return [`<${element.value}>`, ...placeholders(element.children)];
    }
  });
}

/** The plural categories that a text distinguishes. */
function pluralCases(elements: MessageFormatElement[]): string[] {
  return elements.flatMap((element): string[] => {
    if (element.type === TYPE.tag) return pluralCases(element.children);
    if (element.type !== TYPE.plural) return [];
    const inner = Object.values(element.options).flatMap((option) => pluralCases(option.value));
    return [...Object.keys(element.options), ...inner];
  });
}

const namesOf = (text: string) => [...new Set(placeholders(parse(text)))].sort();
const ids = Object.keys(en);

describe("the message catalogues", () => {
  it("have the same texts in both languages", () => {
    expect(Object.keys(ja).sort()).toEqual(ids.toSorted());
  });

  it("are well-formed and never empty", () => {
    for (const [language, texts] of Object.entries(catalogues)) {
      for (const [id, text] of Object.entries(texts)) {
        expect(text.trim(), `${language} ${id}`).not.toBe("");
        expect(() => parse(text), `${language} ${id}`).not.toThrow();
      }
    }
  });

  it("use the same values and tags in both languages", () => {
    for (const id of ids)
      expect(namesOf(catalogues.ja?.[id] ?? ""), id).toEqual(namesOf(catalogues.en?.[id] ?? ""));
  });

  it("distinguish only plurals that the language has", () => {
    for (const [language, texts] of Object.entries(catalogues)) {
      const has = new Intl.PluralRules(language).resolvedOptions().pluralCategories as string[];
      for (const [id, text] of Object.entries(texts)) {
        const unknown = pluralCases(parse(text)).filter(
          (name) => !name.startsWith("=") && !has.includes(name),
        );
        expect(unknown, `${language} ${id}`).toEqual([]);
      }
    }
  });

  it("are sorted, so that changes are easy to read", () => {
    for (const texts of Object.values(catalogues))
      expect(Object.keys(texts)).toEqual(Object.keys(texts).toSorted());
  });
});

describe("the portal's source", () => {
  const found = literals();

  it("uses no text that is missing", () => {
    const missing = found.filter(({ text, isMessageId }) => isMessageId && !ids.includes(text));
    expect(missing).toEqual([]);
  });

  it("leaves no text unused", () => {
    const used = new Set(found.map(({ text }) => text));
    const unused = ids.filter((id) => !used.has(id) && !FAMILIES.some((family) => id.startsWith(family)));
    expect(unused).toEqual([]);
  });

  it("puts ids together only where the codes come from the API", () => {
    expect(
      families()
        .filter((prefix) => FAMILIES.includes(prefix))
        .sort(),
    ).toEqual(FAMILIES);
  });
});
