// Values as a line in the log shows them.

import { stackOf } from "./stack.js";

/** Texts as they are, errors with their stack, all else as JSON or, where that can't be, as text. */
export function inspect(value) {
  if (typeof value === "string") return value;
  if (value instanceof Error) return describeError(value);
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value, replacer) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** An error, where it was thrown, and what caused it. */
export function describeError(error) {
  const frames = stackOf(error).map((frame) => ` at ${frame}`).join("");
  const cause = error.cause === undefined ? "" : `; caused by ${inspect(error.cause)}`;
  return `${title(error)}${frames}${cause}`;
}

/** "TypeError: book is undefined" */
export function title(error) {
  return error.message ? `${error.name}: ${error.message}` : String(error.name);
}

function replacer(_key, value) {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof Error) return title(value);
  return value;
}
