// What only a member can do: type, and press buttons. And what tests can steer.

import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { matchSnapshot, open } from "autocontent/testing";

/** @type {import("autocontent/testing").Harness} */
let harness;

before(async () => {
  harness = await open({ now: new Date("2026-05-01T10:00:00Z"), settings: { edition: "br" } });
});

after(() => harness?.close());

/** @param {import("autocontent/testing").Ran} ran */
const found = (ran) => JSON.parse(ran.reply.item.text);

test("typing is completed", async () => {
  const { choices } = await harness.suggest("/jsprobe deed:THROW-T", "deed");
  assert.deepEqual(choices, [{ label: "throw-text", value: "throw-text" }]);
  const counted = await harness.suggest("/jsprobe count:3 deed:x", "deed");
  assert.deepEqual(counted.choices, [{ label: "deed 3 times", value: "clock" }]);
  const own = await harness.suggest("/jsprobe deed:this", "deed");
  assert.deepEqual(own.choices, [{ label: "function", value: "function" }]);
});

test("what goes wrong while typing is logged, and nothing is proposed", async () => {
  const { choices, logs } = await harness.suggest("/jsprobe deed:throw", "deed");
  assert.deepEqual(choices, []);
  assert.equal(logs[0]?.level, "error");
  assert.match(logs[0]?.message ?? "", /^suggest failed: TypeError: .* at fail \(src\/fail\.js:5:10\)/);
});

test("a pressed button comes back with what was remembered", async () => {
  await harness.run("/jsprobe deed:words");
  const pressed = found(await harness.press("Press me"));
  assert.deepEqual(pressed, { action: "press", item: "finding", state: "remembered", deed: "words", found: "function" });
});

test("the clock stands until it is put forward, and settings are the test's", async () => {
  const now = async () => found(await harness.run("/jsprobe deed:clock", { member: 2 })).now;
  assert.equal(await now(), Date.parse("2026-05-01T10:00:00Z"));
  await harness.advance(60);
  assert.equal(await now(), Date.parse("2026-05-01T10:01:00Z"));
  assert.deepEqual(found(await harness.run("/jsprobe deed:settings", { member: 2 })), ["br", true]);
});

test("what a server answers is taken as far as it can be", async () => {
  const folder = await mkdtemp(join(tmpdir(), "probe-"));
  const bodies = { marked: '\ufeff{"is": "marked"}', brackets: `["${'[\\"'.repeat(600)}"]`, deep: "[".repeat(100_000) };
  const exchanges = Object.entries(bodies).map(([path, text]) => {
    return { request: { method: "GET", url: `https://granted.example/${path}` }, response: { status: 200, text } };
  });
  const recording = join(folder, "odd.json");
  await writeFile(recording, JSON.stringify({ exchanges }));
  const odd = await open({ recordings: [recording] });
  const deep = "upstream: https://granted.example/deep answered with JSON that is nested too deeply";
  assert.deepEqual(found(await odd.run("/jsprobe deed:json")), [{ is: "marked" }, ['["'.repeat(600)], deep]);
  assert.deepEqual(found(await odd.run("/jsprobe deed:left-out")), [200, "kept", "kept", ["half", "null"]]);
  await odd.close();
  await rm(folder, { recursive: true });
});

test("times that can't be told are left out", async () => {
  const { calls, reply } = await harness.run("/jsprobe deed:odd-times", { member: 5, guild: 5 });
  assert.deepEqual(JSON.parse(reply.item.text), "function");
  const published = calls[0]?.answer.page.items.map((/** @type {any} */ item) => item.published ?? null);
  assert.deepEqual(published, [null, null, null]);
});

test("the same seed brings the same randomness", async () => {
  const random = async (/** @type {number} */ seed) => {
    const seeded = await open({ seed });
    const numbers = found(await seeded.run("/jsprobe deed:random"));
    await seeded.close();
    return numbers;
  };
  assert.deepEqual(await random(1), await random(1));
  assert.notDeepEqual(await random(1), await random(2));
});

test("what is kept can be looked at", async () => {
  await harness.run("/jsprobe deed:storage", { member: 3, guild: 7 });
  const { entries } = await harness.storage("place", { guild: 7 });
  assert.equal(entries.find(({ key }) => key === "text")?.text, "kept é");
});

test("what the harness refuses is an error", async () => {
  await assert.rejects(harness.run("/nothing"), Error);
  await assert.rejects(open({ component: "nowhere.wasm" }), /nowhere\.wasm/);
  const program = process.env.AUTOCONTENT;
  process.env.AUTOCONTENT = "/nowhere/autocontent";
  await assert.rejects(open(), /there is no program "\/nowhere\/autocontent"/);
  process.env.AUTOCONTENT = program;
});

test("the program is asked to record into the first recording, and may end in any way", async () => {
  const folder = await mkdtemp(join(tmpdir(), "probe-"));
  const program = process.env.AUTOCONTENT;
  /** @param {string} script */
  const openAnother = async (script) => {
    process.env.AUTOCONTENT = join(folder, "program");
    await writeFile(process.env.AUTOCONTENT, `#!/bin/sh\nread -r line\n${script}\n`);
    await chmod(process.env.AUTOCONTENT, 0o755);
    return open({ recordings: ["first.json", "second.json"], grants: ["http:feeds.example.org"] });
  };
  process.env.AUTOCONTENT_RECORD = "1";
  const recording = await openAnother('echo "{\\"ok\\":$line}"');
  const asked = { component: ".", record: "first.json", grants: ["http:feeds.example.org"] };
  assert.deepEqual(recording.provider, { open: asked });
  await recording.close();
  delete process.env.AUTOCONTENT_RECORD;
  await assert.rejects(openAnother("kill -9 $$"), /the harness ended without an answer to "open": it was ended by SIGKILL/);
  process.env.AUTOCONTENT = program;
  await rm(folder, { recursive: true });
});

test("a snapshot is written once and then compared", async () => {
  const folder = await mkdtemp(join(tmpdir(), "probe-"));
  const file = join(folder, "snapshots", "words.json");
  await matchSnapshot(file, { a: 1 });
  assert.deepEqual(JSON.parse(await readFile(file, "utf8")), { a: 1 });
  await matchSnapshot(file, { a: 1 });
  await assert.rejects(matchSnapshot(file, { a: 2 }), /UPDATE_SNAPSHOTS/);
  await rm(folder, { recursive: true });
});
