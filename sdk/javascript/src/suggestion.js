// Proposals for an option that a member is typing.

/** How many Discord shows. */
export const MOST = 25;

/** Those of `choices` that fit what is typed: first what begins with it, then what has it further in. */
export function matching(typed, choices) {
  const sought = fold(typed).trim();
  const beginning = [];
  const within = [];
  for (const choice of choices) {
    const at = fold(labelOf(choice)).indexOf(sought);
    if (at === 0) beginning.push(choice);
    else if (at > 0) within.push(choice);
  }
  return [...beginning, ...within].slice(0, MOST);
}

/** A choice may be given as a bare value, which is then its own label. */
export function labelOf(choice) {
  return String(choice?.label ?? choice);
}

/** In lower case and without accents. */
function fold(text) {
  return String(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
