// Text as bytes and back, in UTF-8. The engine has no TextEncoder and no TextDecoder; what it has for URLs knows UTF-8
// too, and runs many times faster than a loop over bytes would.

export class TextEncoder {
  encoding = "utf-8";

  encode(text = "") {
    const bytes = unescape(encodeURIComponent(String(text).toWellFormed()));
    return Uint8Array.from({ length: bytes.length }, (_, at) => bytes.charCodeAt(at));
  }
}

export class TextDecoder {
  encoding = "utf-8";
  #fatal;
  #keepMark;

  constructor(label = "utf-8", { fatal = false, ignoreBOM: keepMark = false } = {}) {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`TextDecoder knows UTF-8 only, not "${label}"`);
    this.#fatal = fatal;
    this.#keepMark = keepMark;
  }

  decode(input = new Uint8Array()) {
    const bytes = ArrayBuffer.isView(input) ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : new Uint8Array(input);
    const text = this.#read(bytes);
    return !this.#keepMark && text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  #read(bytes) {
    const raw = rawText(bytes);
    if (!/[^\0-\x7f]/.test(raw)) return raw;
    try {
      return decodeURIComponent(escape(raw));
    } catch {
      if (this.#fatal) throw new TypeError("the bytes are not UTF-8");
      return tolerant(raw);
    }
  }
}

/** A character for each byte. */
function rawText(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parts.push(String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK)));
  }
  return parts.join("");
}

/** As many as a function takes arguments in any engine. */
const CHUNK = 8192;

/** One well-formed character of several bytes, as far as their shape tells. */
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g;

/** Each byte that is part of no character becomes U+FFFD. */
function tolerant(raw) {
  return raw.replace(SEQUENCE, (sequence) => {
    try {
      return decodeURIComponent(escape(sequence));
    } catch {
      return "\ufffd".repeat(sequence.length);
    }
  });
}
