// Where an error was thrown, in the author's own files: the engine tells places in the one file that the build made of
// them, and the build leaves a map beside it.

/** The name under which the built file keeps its map. */
export const MAP = "__autocontent_map";

/** The frames of an error, innermost first: "book (src/main.js:14:9)". */
export function stackOf(error) {
  const map = globalThis[MAP];
  const frames = [];
  for (const line of String(error.stack ?? "").split("\n")) {
    const frame = /^\s*at (?:(.*?) \()?[^\s(]*?:(\d+):(\d+)\)?$/.exec(line);
    const place = frame && map && original(map, Number(frame[2]), Number(frame[3]));
    if (place && !place.startsWith(".autocontent/")) {
      frames.push(frame[1] && frame[1] !== "<anonymous>" ? `${frame[1]} (${place})` : place);
    }
    if (frames.length === MOST_FRAMES) break;
  }
  return frames;
}

/** More don't help, and a line of the log has an end. */
const MOST_FRAMES = 10;

/**
 * The place that a line and column, both counted from 1, of the built file came from: "src/main.js:14:9". `lines` has a
 * text for each line of the built file: "column:source:line:column" for each place where something else begins, with
 * spaces between them, all counted from 0.
 */
export function original({ sources, lines }, line, column) {
  const marks = lines[line - 1]?.split(" ").map((mark) => mark.split(":")) ?? [];
  const [, source, atLine, atColumn] = marks.findLast(([start]) => start <= column - 1) ?? marks[0] ?? [];
  return source && `${sources[source]}:${Number(atLine) + 1}:${Number(atColumn) + 1}`;
}
