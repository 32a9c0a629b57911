// Small durable data, up to the quota that provider.toml asks for.

import * as contract from "autocontent:provider/storage@1.0.0";

import { asFailure, failure } from "./failure.js";
import { count, describe, isText, misfit, optional, text, wellFormed } from "./shape.js";

/** Storage that could not be used. */
export class StorageError extends Error {
  constructor(kind) {
    super(MESSAGES[kind]);
    this.name = "StorageError";
    this.kind = kind;
  }

  get [asFailure]() {
    return this.kind === "full" ? failure.misconfigured(this.message) : failure.internal(this.message);
  }
}

const MESSAGES = {
  full: "the provider's storage quota is used up",
  "too-large": "a storage key, value or number is beyond what the contract allows",
  unavailable: "the host's storage is unavailable",
};

class Scope {
  #scope;

  constructor(scope) {
    this.#scope = scope;
  }

  bytes(key) {
    return attempt(() => contract.get(this.#scope, wellFormed(key))) ?? undefined;
  }

  text(key) {
    const bytes = this.bytes(key);
    return bytes && new TextDecoder().decode(bytes);
  }

  json(key) {
    const text = this.text(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  set(key, value, { ttl } = {}) {
    const bytes = isText(value) ? new TextEncoder().encode(value) : value;
    if (!(bytes instanceof Uint8Array)) {
      throw new TypeError(`storage keeps texts and Uint8Arrays, not ${describe(value)}; use setJson for other values`);
    }
    attempt(() => contract.set(this.#scope, wellFormed(key), bytes, optional(ttl, "ttl", wholeSeconds)));
  }

  setJson(key, value, options) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`${describe(value)} can't be written as JSON`);
    this.set(key, text, options);
  }

  delete(key) {
    attempt(() => contract.delete(this.#scope, wellFormed(key)));
  }

  increment(key, by = 1) {
    if (!Number.isSafeInteger(by)) throw new TypeError(`a counter grows by a whole number, not by ${describe(by)}`);
    return attempt(() => contract.increment(this.#scope, wellFormed(key), by));
  }

  keys({ prefix, after, limit } = {}) {
    const most = count(limit ?? 1000, "limit", 0xffffffff);
    return attempt(() => contract.keys(this.#scope, wellFormed(prefix ?? ""), optional(after, "after", text), most));
  }
}

export const storage = {
  provider: new Scope("provider"),
  place: new Scope("place"),
  member: new Scope("member"),
};

function attempt(use) {
  try {
    return use();
  } catch (error) {
    throw error?.payload ? new StorageError(error.payload.tag) : error;
  }
}

function wholeSeconds(ttl, place) {
  if (typeof ttl !== "number" || !(ttl >= 0)) throw misfit(place, "a number of seconds", ttl);
  return Math.min(Math.ceil(ttl), 0xffffffff);
}
