// node run.js [path to kari] [options of playwright test]
// Runs the browser tests against that binary; every test starts its own.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [first, ...rest] = process.argv.slice(2);
const given = first !== undefined && !first.startsWith("-");
const binary = resolve(given ? first : (process.env.KARI ?? join(here, "../../target/debug/kari")));
const options = given ? rest : process.argv.slice(2);

if (!existsSync(binary)) {
  console.error(
    `there is no ${binary}: build it with \`cargo build -p kari-local\`, or name it: node run.js PATH`,
  );
  process.exit(2);
}

const playwright = join(here, "node_modules/@playwright/test/cli.js");
const { status } = spawnSync(process.execPath, [playwright, "test", ...options], {
  cwd: here,
  stdio: "inherit",
  env: { ...process.env, KARI_BINARY: binary },
});
process.exit(status ?? 1);
