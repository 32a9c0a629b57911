// HTTP, to the hosts that provider.toml names and the operator granted.

import * as contract from "autocontent:provider/http@1.0.0";

import { asFailure, failure } from "./failure.js";
import { describe, isText, misfit, optional, record, wellFormed } from "./shape.js";

const PARTS = ["method", "url", "query", "headers", "body", "timeout"];
const METHODS = ["get", "head", "post", "put", "patch", "delete"];

export function get(url, options) {
  return send({ ...options, method: "GET", url });
}

export function post(url, body, options) {
  return send({ ...options, method: "POST", url, body });
}

export function encode(text) {
  return encodeURIComponent(wellFormed(text)).replace(/[!'()*]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

export function send(request) {
  const sent = lower(request);
  try {
    return new Response(contract.fetch(sent));
  } catch (error) {
    throw HttpError.from(error, sent.url);
  }
}

export function sendAll(requests) {
  const sent = [...requests].map(lower);
  return contract.fetchAll(sent).map((result, at) => {
    return result.tag === "ok" ? new Response(result.val) : HttpError.from({ payload: result.val }, sent[at].url);
  });
}

/** No answer. One such as 404 is a Response. */
export class HttpError extends Error {
  constructor(kind, message, url) {
    super(message);
    this.name = "HttpError";
    this.kind = kind;
    this.url = url;
  }

  static from(error, url) {
    const { tag, val } = error?.payload ?? {};
    if (tag === undefined) return error;
    const message = MESSAGES[tag]?.(val) ?? tag;
    return new HttpError(tag, `${place(url)}: ${message}`, url);
  }

  get [asFailure]() {
    switch (this.kind) {
      case "denied":
        return failure.misconfigured(this.message);
      case "invalid-request":
      case "exhausted":
        return failure.internal(this.message);
      default:
        return failure.upstream(this.message);
    }
  }
}

const MESSAGES = {
  denied: (why) => `the host refused the request: ${why}`,
  "invalid-request": (why) => `the request could not be sent: ${why}`,
  timeout: () => "no answer in time",
  "too-large": () => "the answer is larger than the host takes",
  unreachable: (why) => `no answer: ${why}`,
  exhausted: () => "more requests than one call may make",
};

export class Response {
  #body;
  #headers;

  constructor({ status, headers, body, url }) {
    this.status = status;
    this.url = url;
    this.#headers = headers;
    this.#body = body;
  }

  /** Whether the status is one of success. */
  get ok() {
    return this.status >= 200 && this.status <= 299;
  }

  header(name) {
    const wanted = String(name).toLowerCase();
    return this.#headers.find((header) => header.name.toLowerCase() === wanted)?.value;
  }

  get headers() {
    return this.#headers.map(({ name, value }) => [name, value]);
  }

  authorised(secret) {
    if (this.status !== 401 && this.status !== 403) return this;
    throw failure.misconfigured(
      `${place(this.url)} answered ${this.status}: the secret \`${secret}\` is missing or wrong; fill it in with \`autocontent provider secret\``,
    );
  }

  success() {
    if (this.ok) return this;
    const wait = this.header("retry-after")?.trim();
    const seconds = /^\d+$/.test(wait) ? Number(wait) : undefined;
    if (this.status === 429 || (this.status === 503 && seconds !== undefined)) throw failure.busy(seconds);
    throw failure.upstream(`${place(this.url)} answered ${this.status}`);
  }

  bytes() {
    return this.#body;
  }

  text() {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.#body);
    } catch {
      throw failure.upstream(`${place(this.url)} answered with text that is not UTF-8`);
    }
  }

  json() {
    const text = this.text();
    if (isDeep(this.#body)) throw failure.upstream(`${place(this.url)} answered with JSON that is nested too deeply`);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw failure.upstream(`${place(this.url)} answered with text that is not JSON: ${error.message}`);
    }
  }
}

/** How deep JSON may be nested: the engine's own parser uses up the stack, which ends a call without a word. */
const DEEPEST = 500;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Whether JSON is nested too deeply. What stands in its texts does not count. */
function isDeep(json) {
  const { length } = json;
  for (let at = 0, depth = 0; at < length; at += 1) {
    switch (json[at]) {
      case QUOTE:
        at = endOfText(json, at);
        break;
      case ARRAY:
      case OBJECT:
        depth += 1;
        if (depth > DEEPEST) return true;
        break;
      case ARRAY_END:
      case OBJECT_END:
        depth -= 1;
    }
  }
  return false;
}

/** Where the text ends that begins at `start`: at the next quote that is not escaped. */
function endOfText(json, start) {
  for (let at = json.indexOf(QUOTE, start + 1); at !== -1; at = json.indexOf(QUOTE, at + 1)) {
    let before = at;
    while (json[before - 1] === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 0) return at;
  }
  return json.length;
}

/** A request as the contract has it. */
function lower(request) {
  const { method, url, query, headers, body, timeout } = record(request, "an HTTP request", PARTS);
  const lowered = String(method ?? "GET").toLowerCase();
  if (!METHODS.includes(lowered)) {
    throw new TypeError(`an HTTP request can't be of the method ${describe(method)}; use one of ${METHODS.join(", ").toUpperCase()}`);
  }
  const pairs = headers?.[Symbol.iterator] ? [...headers] : Object.entries(headers ?? {});
  return {
    method: lowered,
    url: withQuery(wellFormed(url), query ?? {}),
    headers: pairs.map(([name, value]) => ({ name: wellFormed(name), value: wellFormed(value) })),
    body: bytesOf(body),
    timeoutMs: optional(timeout, "an HTTP request's timeout", milliseconds),
  };
}

function milliseconds(timeout, place) {
  if (!(timeout >= 0)) throw misfit(place, "a number of milliseconds", timeout);
  return Math.min(Math.ceil(timeout), 0xffffffff);
}

/** The URL with these parameters added, and without its fragment, as none is ever sent. */
function withQuery(url, query) {
  const parameters = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  if (parameters.length === 0) return url;
  const [address] = url.split("#", 1);
  return `${address}${address.includes("?") ? "&" : "?"}${parameters.join("&")}`;
}

function bytesOf(body) {
  if (body === undefined || body === null) return null;
  if (body instanceof Uint8Array) return body;
  if (isText(body) || Object.prototype.toString.call(body) === "[object URLSearchParams]") {
    return new TextEncoder().encode(String(body));
  }
  throw new TypeError(`an HTTP request's body is a text, a Uint8Array or URLSearchParams, not ${describe(body)}; use JSON.stringify for JSON`);
}

/** The URL without its query, which may say more about a member than the log should know. */
function place(url) {
  return url.split(/[?#]/, 1)[0];
}
