// The built component in the real sandbox, with recordings in place of the catalogue. `autocontent provider test` builds
// it, then runs `npm test`.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { open } from "autocontent/testing";

/** @type {import("autocontent/testing").Harness} */
let harness;

beforeEach(async () => {
  harness = await open({ recordings: ["recordings/examples.json", "recordings/failures.json"] });
});

afterEach(() => harness.close());

test("a book has its author, year, cover and page", async () => {
  const { reply } = await harness.run("/bookfinder title:dune");
  assert.equal(reply.item.title, "Dune");
  assert.equal(reply.item.text, "Frank Herbert");
  assert.equal(reply.item.url, "https://openlibrary.org/works/OL893415W");
  assert.deepEqual(reply.item.fields, [{ name: "First published", value: "1965", inline: true }]);
  assert.match(JSON.stringify(reply.item.media), /covers\.openlibrary\.org\/b\/id\/11481354-L\.jpg/);
});

test("another book is another one", async () => {
  const first = await harness.run("/bookfinder title:dune");
  await harness.advance(60);
  const second = await harness.press("🔁");
  assert.equal(second.reply.kind, "post");
  assert.notEqual(second.reply.item.id, first.reply.item.id);
});

test("members read it in their language", async () => {
  const { reply } = await harness.run("/bookfinder title:dune", { locale: "pt-BR" });
  assert.equal(reply.item.fields[0].name, "Primeira edição");
});

test("the cursor leads to more books", async () => {
  let { reply } = await harness.run("/bookfinder title:dune");
  for (let more = 0; more < 3; more += 1) {
    await harness.advance(60);
    ({ reply } = await harness.press("🔁"));
  }
  assert.equal(reply.item.title, "Dune Messiah", "the only one on the second page");
});

test("a title that no book has brings a notice", async () => {
  const { reply, calls } = await harness.run("/bookfinder title:xyzzyx");
  assert.equal(reply.kind, "notice");
  assert.match(JSON.stringify(calls[0]?.answer), /nothing.found/);
});

for (const [title, told] of [
  ["too often", /busy.*30/],
  ["out of order", /upstream.*answered 500/],
  ["no json", /upstream.*not JSON/],
  ["asleep", /upstream.*no answer in time/],
]) {
  test(`what goes wrong at the catalogue is told apart: ${title}`, async () => {
    const { reply, calls } = await harness.run(`/bookfinder title:"${title}"`);
    assert.equal(reply.kind, "notice");
    assert.match(JSON.stringify(calls[0]?.answer), /** @type {RegExp} */ (told));
  });
}
