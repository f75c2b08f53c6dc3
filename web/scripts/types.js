// Writes src/api/{schema,local}.d.ts from the OpenAPI snapshots; with --check, fails if they are stale.
import { readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";

const SNAPSHOTS = [
  ["../../functions/api/openapi.json", "../src/api/schema.d.ts"],
  ["../../functions/local/openapi.json", "../src/api/local.d.ts"],
];

const check = process.argv.includes("--check");
let stale = false;

for (const [snapshot, types] of SNAPSHOTS) {
  const target = new URL(types, import.meta.url);
  const header = `// Generated from ${snapshot.slice(6)} by \`npm run types\`. Do not edit.\n\n`;
  const text = header + astToString(await openapiTS(new URL(snapshot, import.meta.url)));
  if (!check) await writeFile(target, text);
  else if ((await readFile(target, "utf8").catch(() => "")) !== text) {
    console.error(`${types.slice(3)} is stale: run \`npm run types\``);
    stale = true;
  }
}

process.exitCode = stale ? 1 : 0;
