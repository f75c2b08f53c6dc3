import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where answers are made. */
const FUNCTIONS = join(import.meta.dirname, "../../functions");
const HOME = "api/src/problem.rs";

/** `Problem::new(StatusCode::…, "code"`, by any path, or `Problem::malformed("code"`, up to the end of the code. */
const MADE = /\bProblem::(?:new|malformed)\(\s*(?:(?:\w+::)*StatusCode::\w+,\s*)?([^,]+),/g;

/** What is made from a code that is given: the constructor's own, and a refusal's, which the domain lists. */
const GIVEN = ["code", "status_of(refusal)"];

function made(): string[] {
  const files = readdirSync(FUNCTIONS, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /^[^/]+\/src\/.*\.rs$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(join(FUNCTIONS, file), "utf8");
      const told = file === HOME ? source.replaceAll("Self::", "Problem::") : source;
      return [...told.matchAll(MADE)].map(([, code = ""]) => code.trim());
    });
}

const isLiteral = (code: string) => /^"[a-z]+(-[a-z]+)*"$/.test(code);

/** The codes that the handlers answer with, each once. */
export function problemCodes(): string[] {
  return [...new Set(made().filter(isLiteral))].map((code) => code.slice(1, -1)).sort();
}

/** Problems that are made so that no code can be read here. */
export function unreadable(): string[] {
  return made().filter((code) => !isLiteral(code) && !GIVEN.includes(code));
}
