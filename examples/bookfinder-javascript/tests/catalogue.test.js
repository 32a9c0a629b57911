// The built component in the real sandbox, with recordings in place of the catalogue. `autocontent provider test` builds
// it, then runs `npm test`.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "autocontent/testing";

/** @type {import("autocontent/testing").Harness} */
let harness;

before(async () => {
  harness = await open({ recordings: ["recordings/dune.json", "recordings/none.json"] });
});

after(() => harness?.close());

test("a book has its author, year, cover and page", async () => {
  const { reply, fetches } = await harness.run("/bookfinder title:dune");
  assert.equal(reply.item.title, "Dune");
  assert.equal(reply.item.text, "Frank Herbert");
  assert.equal(reply.item.url, "https://openlibrary.org/works/OL893415W");
  assert.deepEqual(reply.item.fields[0], { name: "First published", value: "1965", inline: true });
  assert.equal(fetches.length, 1);

  await harness.advance(5);
  const another = await harness.press("🔁");
  assert.equal(another.reply.item.title, "Children of Dune");
});

test("members read the words of their language", async () => {
  const { reply } = await harness.run("/bookfinder title:dune", { locale: "pt-BR", member: 2, place: "dm" });
  assert.equal(reply.item.fields[0].name, "Primeira edição");
});

test("a title that no book has brings a notice", async () => {
  const { reply } = await harness.run("/bookfinder title:xyzzy", { member: 3 });
  assert.equal(reply.code, "nothing-found");
});

test("a catalogue that is down is told to the member, and its status to the operator", async () => {
  const { reply, calls } = await harness.run("/bookfinder title:down", { member: 4 });
  assert.equal(reply.kind, "notice");
  assert.match(JSON.stringify(calls[0]?.answer), /answered 502/);
});
