// A shuffled order that goes on over several requests: its seed and how far it got travel in the cursor.

export function deal(cards, { cursor, limit }) {
  let { seed, start } = read(cursor);
  if (start >= cards.length) ({ seed, start } = fresh());
  const end = start + limit;
  const dealt = shuffled(cards, seed).slice(start, end);
  return { dealt, next: end < cards.length ? `${seed.toString(16)}:${end}` : undefined };
}

/** A cursor that can't be read may come from an older version of the provider, and starts anew. */
function read(cursor) {
  const [, seed, start] = /^([0-9a-f]{1,8}):(\d{1,9})$/.exec(cursor ?? "") ?? [];
  return seed === undefined ? fresh() : { seed: Number.parseInt(seed, 16), start: Number(start) };
}

function fresh() {
  return { seed: Math.floor(Math.random() * 2 ** 32), start: 0 };
}

/** By Fisher and Yates; the same seed gives the same order. */
function shuffled(cards, seed) {
  const order = [...cards];
  const next = numbers(seed);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Numbers from 0 to below 1: a Weyl sequence, each step of it mixed by MurmurHash3's finalizer. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
