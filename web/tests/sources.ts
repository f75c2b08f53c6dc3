import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

const ROOT = join(import.meta.dirname, "../src");

export interface Literal {
  text: string;
  file: string;
  /** Whether the literal is where only a message id can be: `text("…")` or `<Text id="…">`. */
  isMessageId: boolean;
}

function sourceFiles(): string[] {
  const all = readdirSync(ROOT, { recursive: true, encoding: "utf8" });
  return all.filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
}

function isMessageId(node: ts.Node): boolean {
  let parent = node.parent;
  while (ts.isConditionalExpression(parent) || ts.isParenthesizedExpression(parent)) parent = parent.parent;
  if (ts.isCallExpression(parent))
    return parent.expression.getText() === "text" && parent.arguments[0] !== undefined;
  const attribute = ts.isJsxExpression(parent) ? parent.parent : parent;
  if (!ts.isJsxAttribute(attribute) || attribute.name.getText() !== "id") return false;
  return attribute.parent.parent.tagName.getText() === "Text";
}

function literalsOf(file: string): Literal[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(ROOT, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const found: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      found.push({ text: node.text, file, isMessageId: isMessageId(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The beginnings of ids that are put together at run time: `` `problem.${code}` ``. */
function familiesOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) && /^[a-z]+\.$/.test(node.head.text)) found.push(node.head.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Every string literal of the portal's source, by its syntax tree: comments do not count. */
export const literals = (): Literal[] => sourceFiles().flatMap(literalsOf);

export const families = (): string[] => [...new Set(sourceFiles().flatMap(familiesOf))];
