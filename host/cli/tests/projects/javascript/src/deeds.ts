import {
  type Request, Failure, HttpError, StorageError, choose, deal, failure, http, log, markdown, settings, storage,
} from "autocontent";

import { fail } from "./fail.js";

export const deeds: Record<string, (request: Request) => unknown> = {
  request: (request) => request,
  clock: () => {
    const [now, made] = [Date.now(), new Date()];
    return {
      now,
      made: made.getTime(),
      called: new Date(Date()).getTime(),
      performance: performance.now(),
      isDate: made instanceof Date && made.constructor === Date,
      fixed: new Date(2020, 1, 3).toISOString(),
      parsed: Date.parse("2020-01-01T00:00:00Z"),
    };
  },
  random: () => {
    const numbers = Array.from({ length: 1000 }, Math.random);
    return {
      first: numbers[0],
      within: numbers.every((number) => number >= 0 && number < 1),
      mean: numbers.reduce((sum, number) => sum + number) / numbers.length,
      bytes: [...crypto.getRandomValues(new Uint8Array(8))],
      many: new Set(crypto.getRandomValues(new Uint16Array(5000))).size,
      id: crypto.randomUUID(),
    };
  },
  text: () => {
    const bytes = new TextEncoder().encode("é€😀\ud800");
    const decode = (bytes: number[], options?: object) => new TextDecoder("utf-8", options).decode(new Uint8Array(bytes));
    let fatal = "";
    try {
      decode([0xff], { fatal: true });
    } catch (error) {
      fatal = String(error);
    }
    return { bytes: [...bytes], back: new TextDecoder().decode(bytes), bad: decode([0x61, 0xc3, 0x28, 0xff]), fatal };
  },
  url: () => {
    const url = new URL("../b?x=1#y", "https://user@example.org/a/c");
    url.searchParams.append("q", "é &");
    return { url: url.href, host: url.host, query: new URLSearchParams({ a: "b c" }).toString() };
  },
  absent: () => ["process", "Buffer", "require", "Intl", "WebAssembly"].filter((name) => name in globalThis),
  timer: () => (globalThis as any).setTimeout(() => {}, 1),
  fetch: () => (globalThis as any).fetch("https://granted.example/"),
  console: () => {
    console.log("a line", { of: [1n, new Map([["a", 1]])] }, undefined, null, 1);
    console.info(() => {});
    console.warn(new RangeError("told", { cause: "a cause" }));
    log.error("an error");
    return "logged";
  },
  storage: () => {
    storage.place.set("text", "kept é");
    storage.place.set("bytes", new Uint8Array([1, 2, 3]), { ttl: 60 });
    storage.place.setJson("json", { a: [1, null] });
    storage.place.delete("none");
    const counted = [storage.place.increment("count"), storage.place.increment("count", 9)];
    let refused;
    try {
      storage.place.set("", "x");
    } catch (error) {
      refused = error instanceof StorageError && error instanceof Error && `${error.name}: ${error.kind}`;
    }
    const { place, member } = storage;
    return {
      text: place.text("text"),
      bytes: [...place.bytes("bytes")!],
      json: place.json("json"),
      counted,
      keys: place.keys(),
      after: place.keys({ prefix: "", after: "count", limit: 1 }),
      none: [place.text("none") === undefined, member.bytes("text") === undefined],
      refused,
    };
  },
  "left-out": () => {
    storage.place.set("null", "kept", { ttl: null });
    storage.place.set("half", "kept", { ttl: 0.5 });
    const { status } = http.get("https://granted.example/marked", { timeout: null });
    return [status, storage.place.text("null"), storage.place.text("half"), storage.place.keys({ after: null })];
  },
  json: () => {
    return ["marked", "brackets", "deep"].map((path) => {
      try {
        return http.get(`https://granted.example/${path}`).json();
      } catch (error) {
        return error instanceof Failure && `${error.kind}: ${error.message}`;
      }
    });
  },
  settings: () => [settings.get("edition"), settings.get("missing") === undefined],
  denied: () => {
    try {
      return http.get("https://elsewhere.example/?secret=1").status;
    } catch (error) {
      const all = http.sendAll([{ url: "https://elsewhere.example/" }, { url: "https://other.example/" }]);
      const right = error instanceof HttpError && error instanceof Error;
      return { right, kind: right && error.kind, message: String(error), all: all.map((one) => one instanceof HttpError) };
    }
  },
  "denied-and-not-caught": () => http.get("https://elsewhere.example/?secret=1"),
  words: ({ audience }) => [
    choose(audience, "Hello", { pt: "Olá" }),
    markdown.escape("2 * 3 = snake_case\n- no list\n10. no number"),
    markdown.blockQuote("one\ntwo"),
    http.encode("São Paulo/SP (it's)"),
  ],
  deal: () => {
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const { dealt, next } = deal([...Array(23).keys()], { cursor, limit: 5 });
      seen.push(...dealt);
      cursor = next;
    } while (cursor);
    return { seen: seen.length, different: new Set(seen).size };
  },
  halves: () => {
    console.log("half a", "😀"[0]);
    storage.place.set("😀".slice(1), "kept");
    const keys = storage.place.keys({ prefix: "😀".slice(1) });
    throw failure.invalidArgument("deed", `no half ${"😀"[0]}, kept ${keys.length}`);
  },
  "misspelt-request": () => http.get("https://granted.example/", { quer: { a: 1 } } as object),
  "throw-in-another-file": () => fail(),
  "throw-text": () => {
    throw "only a text";
  },
  "throw-failure": () => {
    throw failure.invalidArgument("deed", "something else");
  },
  "throw-busy": () => {
    throw failure.busy(30);
  },
  "throw-nothing": () => {
    const error = failure.nothingFound();
    if (!(error instanceof Failure && error instanceof Error)) return "no failure";
    throw error;
  },
  deep: () => {
    const deeper = (): number => deeper() + 1;
    return deeper();
  },
};
