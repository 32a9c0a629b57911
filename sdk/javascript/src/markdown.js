// Writing text that Discord shows as it is meant.

/** `text` with every character escaped that Discord's Markdown would take as its own. */
export function escape(text) {
  return String(text)
    .replace(/[\\*_~`|[\]<]/g, "\\$&")
    .replace(/^( *)([#>+-])/gm, "$1\\$2")
    .replace(/^( *\d+)\./gm, "$1\\.");
}

/** `text`, escaped, as a block quote: every line set off. */
export function blockQuote(text) {
  return escape(text).split("\n").map((line) => `> ${line}`).join("\n");
}
