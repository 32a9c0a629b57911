// Fails in a line and column that a test knows.

export function fail() {
  const nothing = /** @type {any} */ (undefined);
  return nothing.book;
}
