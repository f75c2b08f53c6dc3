import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { KIND_TEXT } from "../src/features/audit/kinds";
import { REASON_OF_OTHERS } from "../src/i18n/useReasonTextOfOthers";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";
import { families, literals } from "./sources";
import { problemCodes, unreadable } from "./problems";

const catalogues: Record<string, Record<string, string>> = { en, ja };

/** Texts whose ids are put together from codes that the API sends. */
const FAMILIES = ["finding.", "problem.", "reason."];

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

  it("say each text once", () => {
    for (const language of Object.keys(catalogues)) {
      const file = readFileSync(join(import.meta.dirname, `../src/messages/${language}.json`), "utf8");
      const written = [...file.matchAll(/^ {2}"([^"]+)":/gm)].map(([, id]) => id);
      expect(written.toSorted(), language).toEqual(ids.toSorted());
    }
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

  it("are spaced alike in Japanese: a name from さん, but no number from its unit", () => {
    for (const [id, text] of Object.entries(ja)) {
      expect(text, id).not.toMatch(/[}>]さん/);
      expect(text, id).not.toMatch(/[\d#] (?:日|時間|分|秒|件|名)/);
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

/** What the domain's own tests list: a new code or event fails here until there are words for it. */
describe("what the domain can say", () => {
  const domain = join(import.meta.dirname, "../../shared/domain");
  const codesIn = (snapshot: string) => {
    const lines = readFileSync(join(domain, snapshot), "utf8").split("\n");
    return lines.flatMap((line) => /^([a-z]+(?:-[a-z]+)+): \S/.exec(line)?.[1] ?? []);
  };

  it("has words for every refusal of a person", () => {
    const refusals = codesIn(
      "src/request/tests/snapshots/kari_domain__request__tests__refusal__every_refusal.snap",
    );
    expect(refusals).toContain("self-review");
    // The clock and the driver are refused like this, and nobody reads it.
    const unseen = ["not-yet", "too-late"];
    const wordless = refusals.filter((code) => !unseen.includes(code) && !ids.includes(`problem.${code}`));
    expect(wordless).toEqual([]);
  });

  it("has words for every reason of the policies", () => {
    const reasons = codesIn(
      "tests/policy/snapshots/policy__reasons__every_reason_has_a_stable_code_and_a_sentence_that_says_what_to_do.snap",
    );
    expect(reasons).toContain("forbidden-by-guardrail");
    expect(reasons.filter((code) => !ids.includes(`reason.${code}`))).toEqual([]);
  });

  it("says what stands against somebody else's access as it is said of others", () => {
    const reasons = codesIn(
      "tests/policy/snapshots/policy__reasons__every_reason_has_a_stable_code_and_a_sentence_that_says_what_to_do.snap",
    );
    const told = [...reasons, "approval-now-needed", "joined-window-too-long"];
    // Said alike of everybody; and no duration that was granted is too short.
    const alike = ["requester-disabled", "duration-too-short"];
    expect(told.filter((code) => !alike.includes(code) && REASON_OF_OTHERS[code] === undefined)).toEqual([]);
    for (const id of Object.values(REASON_OF_OTHERS))
      expect(id === undefined ? "" : en[id]).not.toMatch(/\byou\b|^Ask|\. (Ask|Choose|Add)/i);
  });

  it("has words for every finding about a policy", () => {
    const findings = codesIn(
      "tests/policy/snapshots/policy__linting__every_finding_has_a_stable_code_and_a_sentence_that_says_what_to_do.snap",
    );
    expect(findings).toContain("vanished-reference");
    // The one code of one word, which the pattern does not see.
    expect([...findings, "disabled"].filter((code) => !ids.includes(`finding.${code}`))).toEqual([]);
  });

  it("has words for every trouble", () => {
    const source = readFileSync(join(domain, "src/ledger/trouble.rs"), "utf8");
    const [, variants = ""] = /enum TroubleCode \{([^}]*)\}/.exec(source) ?? [];
    const names = [...variants.matchAll(/^ {4}([A-Z][A-Za-z]+),/gm)].map(([, name = ""]) => name);
    const codes = names.map((name) => name.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase());
    expect(codes).toContain("account-suspended");
    // What a newer version recorded is told by its sentence.
    const wordless = codes.filter((code) => code !== "unknown" && !ids.includes(`reason.${code}`));
    expect(wordless).toEqual([]);
  });

  it("has words for every kind of event", () => {
    const application = join(domain, "../application");
    const streams = ["request", "ledger"].map((stream) => join(domain, "fixtures/events", stream));
    streams.push(
      ...["policies", "findings", "attempts", "channels"].map((stream) =>
        join(application, "fixtures/events", stream),
      ),
    );
    const kinds = streams.flatMap((stream) => readdirSync(stream).map((file) => file.replace(/\.json$/, "")));
    expect(kinds).toContain("requested");
    expect(kinds).toContain("more-not-recorded");
    expect(kinds.filter((kind) => KIND_TEXT[kind] === undefined)).toEqual([]);
  });
});

/** Read from the handlers themselves: a new code fails here until there are words for it. */
describe("what the API can answer", () => {
  it("names every code where it is made, so that this test sees it", () => {
    expect(unreadable()).toEqual([]);
  });

  it("has a heading and a sentence for every problem", () => {
    const codes = problemCodes();
    expect(codes).toEqual(expect.arrayContaining(["bad-cursor", "stale-version", "too-far-ahead"]));
    const wordless = codes
      .flatMap((code) => [`problem.${code}`, `problem.${code}.hint`])
      .filter((id) => Object.values(catalogues).some((texts) => texts[id] === undefined));
    expect(wordless).toEqual([]);
  });
});
