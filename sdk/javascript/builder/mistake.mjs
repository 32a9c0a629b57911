// What an author has to put right.

import { builtinModules } from "node:module";

export class Mistake extends Error {
  /** esbuild's messages, one a line: "src/main.js:3:10: Expected ";" but found "const"". */
  static of(messages) {
    return new Mistake(messages.map(oneLine).join("\n"));
  }
}

function oneLine({ text, location, notes }) {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
  const [, missing] = /^Could not resolve "([^./][^"]*)"/.exec(text) ?? [];
  // esbuild's own advice for a package is to leave it out of the bundle, which would not work here.
  const hints = missing ? [advice(missing)] : notes.map((note) => note.text);
  return [place + text, ...hints].join("\n  ");
}

/** What to do about a module that is not installed. npm would take the path within a package for a repository. */
function advice(missing) {
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(missing);
  return builtinModules.includes(name) ? partOfNode(missing) : `install it with \`npm install ${name}\``;
}

/** Why node's modules can't be had. */
export function partOfNode(path) {
  return `"${path}" is a part of node, and a provider does not run in node: it has no files, sockets or processes`;
}
