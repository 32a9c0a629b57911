// The source map in a form that a running provider reads without work: see `original` in src/stack.js.

/** Of a source map, version 3. */
export function readable({ sources, mappings }) {
  const [source, line, column] = [0, 1, 2];
  const at = [0, 0, 0];
  const lines = mappings.split(";").map((encoded) => {
    let start = 0;
    const marks = [];
    for (const segment of encoded.split(",").filter(Boolean)) {
      const [moved, ...steps] = decode(segment);
      start += moved;
      steps.slice(0, 3).forEach((step, which) => (at[which] += step));
      if (steps.length >= 3) marks.push([start, at[source], at[line], at[column]].join(":"));
    }
    return marks.join(" ");
  });
  return { sources, lines };
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The numbers of a segment: base 64, five bits a digit, the least first, the sign in the lowest bit. */
function decode(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits < 32) {
      numbers.push(value & 1 ? -(value >> 1) : value >> 1);
      [value, shift] = [0, 0];
    }
  }
  return numbers;
}
