// Runs a built provider in the real sandbox, through the program `autocontent`: what everything means stands in
// index.d.ts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** Starts a harness with the component of the project in the current folder, or another. */
export async function open({ component = ".", ...options } = {}) {
  const harness = new Harness(process.env.AUTOCONTENT || "autocontent");
  try {
    harness.provider = await harness.ask("open", { component, ...recorded(options) });
    return harness;
  } catch (error) {
    await harness.close();
    throw error;
  }
}

/** With AUTOCONTENT_RECORD=1 in the environment, the network is asked, and the first recording takes what it answers. */
function recorded({ recordings, ...options }) {
  const record = process.env.AUTOCONTENT_RECORD === "1" ? recordings?.[0] : undefined;
  return record === undefined ? { ...options, recordings } : { record, ...options };
}

class Harness {
  /** The id, name, version and commands of the provider. */
  provider;
  #process;
  #answers;
  #failed;
  #closed;
  #said = "";

  constructor(program) {
    this.#process = spawn(program, ["provider", "harness"], { stdio: ["pipe", "pipe", "pipe"] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.on("data", (text) => (this.#said += text));
    // Told by the next question, with what the program said.
    this.#process.stdin.on("error", () => {});
    this.#failed = new Promise((_, reject) => {
      this.#process.on("error", (error) => {
        const known = error.code === "ENOENT" ? `there is no program "${program}": put autocontent on PATH, or its path into the environment variable AUTOCONTENT` : error.message;
        reject(new Error(`the harness could not be started: ${known}`));
      });
    });
    this.#failed.catch(() => {});
    this.#closed = new Promise((resolve) => this.#process.once("close", resolve));
  }

  run(line, options) {
    return this.ask("run", { line, ...options });
  }

  press(button, options) {
    return this.ask("press", { button, ...options });
  }

  suggest(line, option, options) {
    return this.ask("suggest", { line, option, ...options });
  }

  storage(scope, options) {
    return this.ask("storage", { scope, ...options });
  }

  advance(seconds) {
    return this.ask("advance", { seconds });
  }

  unasked() {
    return this.ask("unasked", {});
  }

  /** One request of the protocol, and its answer. */
  async ask(name, request) {
    this.#process.stdin.write(`${JSON.stringify({ [name]: request })}\n`);
    const { value, done } = await Promise.race([this.#answers.next(), this.#failed]);
    if (done) throw await this.#ended(name);
    const answer = JSON.parse(value);
    if ("error" in answer) throw new Error(answer.error);
    return answer.ok;
  }

  /** Ends the program. */
  async close() {
    this.#process.stdin.end();
    await this.#closed;
  }

  async #ended(name) {
    await this.close();
    const { signalCode } = this.#process;
    const said = this.#said.trim() || (signalCode ? `it was ended by ${signalCode}` : "it said nothing");
    return new Error(`the harness ended without an answer to "${name}": ${said}`);
  }
}

/** Compares with what an earlier run wrote into a file. */
export async function matchSnapshot(file, value) {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before === undefined || process.env.UPDATE_SNAPSHOTS) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return;
  }
  assert.deepEqual(JSON.parse(text), JSON.parse(before), `this is not what ${file} has; UPDATE_SNAPSHOTS=1 puts it there`);
}
