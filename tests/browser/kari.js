// Starts the real program with an empty data directory and stops it afterwards.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY = /https?:\/\/[^\s]+/;

/** Resolves with the address once the program says that it is ready. */
export async function startKari(binary) {
  const data = await mkdtemp(join(tmpdir(), "kari-browser-"));
  const program = spawn(binary, ["--port", "0", "--data-dir", data], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const origin = await ready(program);
  return {
    origin,
    async stop() {
      program.kill("SIGTERM");
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
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
