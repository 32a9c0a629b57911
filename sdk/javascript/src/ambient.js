// What JavaScript has everywhere and the engine has not: the clock, randomness and console are the contract's. A component
// is a snapshot of a program that has been loaded already: the engine's own would repeat the same numbers in every call.

import { now, random } from "autocontent:provider/system@1.0.0";

import * as log from "./log.js";
import { TextDecoder, TextEncoder } from "./text.js";

const EngineDate = Date;

const ContractDate = new Proxy(EngineDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new EngineDate(now()).toString(),
  get: (target, name) => (name === "now" ? clock : Reflect.get(target, name)),
});
EngineDate.prototype.constructor = ContractDate;

function clock() {
  return now();
}

/** Randomness that was fetched and not used yet. It is empty in the snapshot, as none can be fetched while loading. */
let pool = new Uint8Array();

function take(length) {
  if (pool.length < length) pool = random(Math.max(length, 256));
  const taken = pool.slice(0, length);
  pool = pool.subarray(length);
  return taken;
}

/** 53 random bits over 2^53. */
Math.random = () => {
  const [high, low] = new Uint32Array(take(8).buffer);
  return ((high >>> 11) * 2 ** 32 + low) / 2 ** 53;
};

/** What the contract gives in one call, in bytes. */
const MOST_AT_ONCE = 4096;

const crypto = {
  getRandomValues(array) {
    if (!ArrayBuffer.isView(array) || array instanceof DataView || /Float/.test(array.constructor.name)) {
      throw new TypeError("crypto.getRandomValues() fills an array of whole numbers");
    }
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at += MOST_AT_ONCE) {
      bytes.set(take(Math.min(MOST_AT_ONCE, bytes.length - at)), at);
    }
    return array;
  },
  randomUUID() {
    const bytes = take(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  },
};

const console = {
  log: log.info,
  info: log.info,
  debug: log.debug,
  warn: log.warn,
  error: log.error,
  trace: (...values) => log.trace(...values, new Error("console.trace")),
  assert: (condition, ...values) => {
    if (!condition) log.error("assertion failed:", ...values);
  },
};

const ours = { Date: ContractDate, TextDecoder, TextEncoder, console, crypto, performance: { now: clock, timeOrigin: 0 } };

for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
  ours[name] = () => {
    throw new Error(`${name}: a provider has no timers, as nothing of it goes on once it has answered`);
  };
}

ours.fetch = () => {
  throw new Error("fetch: ask with http.get, http.post or http.send, which return the answer and no promise of it");
};

for (const [name, value] of Object.entries(ours)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
