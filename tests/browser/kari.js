// Starts the real program with an empty data directory and stops it afterwards.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY = /https?:\/\/[^\s]+/;

/** Resolves with the address once the program says that it is ready. */
export async function startKari(binary, { slack = false } = {}) {
  const home = await mkdtemp(join(tmpdir(), "kari-browser-"));
  const options = ["--port", "0", "--data-dir", join(home, "data")];
  if (slack) options.push(...(await slackOptions(home)));
  const program = spawn(binary, options, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const origin = await ready(program);
  return {
    origin,
    async stop() {
      program.kill("SIGTERM");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Slack is set up with these. Nobody answers there. */
async function slackOptions(home) {
  const secrets = join(home, "slack.json");
  const content = { bot_token: "xoxb-none", signing_secret: "none" };
  await writeFile(secrets, JSON.stringify(content), { mode: 0o600 });
  return [
    "--slack-secrets",
    secrets,
    "--slack-workspaces",
    "T0000000001",
    "--slack-api-url",
    "http://127.0.0.1:9/api",
  ];
}

function ready(program) {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk) => {
      said += chunk;
      const found = READY.exec(said);
      if (found !== null) resolve(new URL(found[0]).origin);
    };
    program.stdout.on("data", listen);
    program.stderr.on("data", listen);
    program.once("error", reject);
    program.once("exit", (code) => reject(new Error(`kari ended with ${code}:\n${said}`)));
  });
}
