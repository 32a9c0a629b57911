// Why there is no answer: the contract's `failure`.

import { wellFormed } from "./shape.js";

/** The contract's failures by the words that JavaScript has for them. */
export class Failure extends Error {
  constructor(kind, message, detail) {
    super(message);
    this.name = "Failure";
    this.kind = kind;
    Object.assign(this, detail);
  }
}

export const failure = {
  nothingFound: () => new Failure("nothing-found", "there is no content for the request"),
  invalidArgument: (option, reason) => {
    return new Failure("invalid-argument", `${option}: ${reason}`, { option: String(option), reason: String(reason) });
  },
  busy: (seconds) => new Failure("busy", "the upstream asks to wait", { seconds }),
  upstream: (message) => new Failure("upstream", String(message)),
  misconfigured: (message) => new Failure("misconfigured", String(message)),
  internal: (message) => new Failure("internal", String(message)),
};

/** Errors that know which failure they come to have this; see HttpError and StorageError. */
export const asFailure = Symbol("failure");

/** The contract's variant for a Failure. */
export function contractFailure({ kind, message, option, reason, seconds }) {
  switch (kind) {
    case "nothing-found":
      return { tag: "nothing-found" };
    case "invalid-argument":
      return { tag: "invalid-argument", val: { name: wellFormed(option), reason: wellFormed(reason) } };
    case "busy":
      return { tag: "busy", val: wholeSeconds(seconds) };
    case "upstream":
    case "misconfigured":
      return { tag: kind, val: wellFormed(message) };
    default:
      return { tag: "internal", val: wellFormed(message) };
  }
}

/** Seconds as the contract takes them: whole, upwards, within 32 bits; none where there is no such number. */
function wholeSeconds(seconds) {
  return seconds >= 0 ? Math.min(Math.ceil(seconds), 0xffffffff) : null;
}
