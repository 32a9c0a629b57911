// Checks of what an author's function returned. The engine would end a call without a word where a value does not fit
// the contract, so nothing gets there unchecked. A place is how an author would write it: `items[0].title`.

/** What a value is, for a message: `42`, `"text"`, `an array`. */
export function describe(value) {
  if (value === null || value === undefined) return String(value);
  if (isText(value)) return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" ? `an object with ${Object.keys(value).join(", ") || "nothing in it"}` : String(value);
}

export function isText(value) {
  return typeof value === "string";
}

/** The error for a value that is not what stands in its place. */
export function misfit(place, expected, value) {
  return new TypeError(`${place} must be ${expected}, not ${describe(value)}`);
}

/** An object with these properties at most. */
export function record(value, place, known) {
  if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof Promise) {
    throw misfit(place, "an object", value);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${place} has no property "${unknown}": there are ${known.join(", ")}`);
  }
  return value;
}

export function text(value, place) {
  if (!isText(value)) throw misfit(place, "a text", value);
  return wellFormed(value);
}

/** As text that the contract can carry: half of a character, as `slice` may leave one, would end the call. */
export function wellFormed(value) {
  return String(value).toWellFormed();
}

export function list(value, place, each) {
  if (!Array.isArray(value)) throw misfit(place, "an array", value);
  return value.map((entry, at) => each(entry, `${place}[${at}]`));
}

export function oneOf(value, place, words) {
  if (!words.includes(value)) throw misfit(place, `one of ${words.map((word) => `"${word}"`).join(", ")}`, value);
  return value;
}

export function flag(value, place) {
  if (typeof value !== "boolean") throw misfit(place, "true or false", value);
  return value;
}

/** A whole number from 0 to `most`. */
export function count(value, place, most) {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw misfit(place, `a whole number from 0 to ${most}`, value);
  }
  return value;
}

/** `read`, where there is something: undefined and null both stand for nothing, and the contract has null for it. */
export function optional(value, place, read) {
  return value === undefined || value === null ? null : read(value, place);
}
