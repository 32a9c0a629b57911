// What only a member can do: type, and press buttons. And what tests can steer.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
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
  assert.deepEqual(pressed, { action: "press", item: "finding", state: "remembered", deed: "words" });
});

test("the clock stands until it is put forward, and settings are the test's", async () => {
  const now = async () => found(await harness.run("/jsprobe deed:clock", { member: 2 })).now;
  assert.equal(await now(), Date.parse("2026-05-01T10:00:00Z"));
  await harness.advance(60);
  assert.equal(await now(), Date.parse("2026-05-01T10:01:00Z"));
  assert.deepEqual(found(await harness.run("/jsprobe deed:settings", { member: 2 })), ["br", true]);
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

test("a snapshot is written once and then compared", async () => {
  const folder = await mkdtemp(join(tmpdir(), "probe-"));
  const file = join(folder, "snapshots", "words.json");
  await matchSnapshot(file, { a: 1 });
  assert.deepEqual(JSON.parse(await readFile(file, "utf8")), { a: 1 });
  await matchSnapshot(file, { a: 1 });
  await assert.rejects(matchSnapshot(file, { a: 2 }), /UPDATE_SNAPSHOTS/);
  await rm(folder, { recursive: true });
});
