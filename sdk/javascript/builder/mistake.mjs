// What an author has to put right.

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
  const hints = missing ? [`install it with \`npm install ${missing}\``] : notes.map((note) => note.text);
  return [place + text, ...hints].join("\n  ");
}
