// Starts the real program with an empty data directory and stops it afterwards.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY = /https?:\/\/[^\s]+/;
const WORKSPACE = "T0000000001";
const SIGNING_SECRET = "none";

/** Resolves with the address once the program says that it is ready. */
export async function startKari(binary, { slack = false } = {}) {
  const home = await mkdtemp(join(tmpdir(), "kari-browser-"));
  const options = ["--port", "0", "--data-dir", join(home, "data")];
  const people = slack ? await startSlack() : undefined;
  if (people !== undefined) options.push(...(await slackOptions(home, people.address().port)));
  const program = spawn(binary, options, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const origin = await ready(program);
  return {
    origin,
    /** Somebody gives the command in Slack, which signs it. Resolves with what they are told in the end. */
    access: (user, text) => giveCommand(origin, user, text),
    async stop() {
      program.kill("SIGTERM");
      await ended;
      people?.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A Slack that knows everybody, and nothing else. */
async function startSlack() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://slack");
    const id = searchParams.get("user");
    const user = { id, team_id: WORKSPACE, locale: "en-GB", profile: { real_name: `${id} in Slack` } };
    const known = pathname === "/api/users.info";
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(known ? { ok: true, user } : { ok: false, error: "unknown_method" }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Slack is set up with these. */
async function slackOptions(home, port) {
  const secrets = join(home, "slack.json");
  const content = { bot_token: "xoxb-none", signing_secret: SIGNING_SECRET };
  await writeFile(secrets, JSON.stringify(content), { mode: 0o600 });
  const api = `http://127.0.0.1:${port}/api`;
  return ["--slack-secrets", secrets, "--slack-workspaces", WORKSPACE, "--slack-api-url", api];
}

/** Slack waits for three seconds only, in which a busy machine may not be done: people are told to try again. */
async function giveCommand(origin, user, text) {
  const told = await sendCommand(origin, user, text);
  return told.includes("Try again.") ? giveCommand(origin, user, text) : told;
}

async function sendCommand(origin, user, text) {
  const fields = { team_id: WORKSPACE, user_id: user, text, trigger_id: "1.1" };
  const body = new URLSearchParams(fields).toString();
  const now = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", SIGNING_SECRET).update(`v0:${now}:${body}`).digest("hex");
  const answer = await fetch(`${origin}/slack/commands`, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-Slack-Request-Timestamp": now,
      "X-Slack-Signature": `v0=${signature}`,
    },
    body,
  });
  return (await answer.json()).text;
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
