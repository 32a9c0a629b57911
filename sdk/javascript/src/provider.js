// What an author writes, checked as soon as it is loaded.

const FUNCTIONS = ["find", "suggest", "act"];

export function provider(functions) {
  if (functions === null || typeof functions !== "object") {
    throw new TypeError("provider() takes an object of functions: provider({ find(request) { … } })");
  }
  for (const [name, value] of Object.entries(functions)) {
    if (!FUNCTIONS.includes(name)) {
      throw new TypeError(`provider() knows no "${name}": there are ${FUNCTIONS.join(", ")}`);
    }
    if (value !== undefined && typeof value !== "function") {
      throw new TypeError(`provider() takes functions, and "${name}" is ${value === null ? "null" : `a ${typeof value}`}`);
    }
  }
  if (!functions.find) {
    throw new TypeError("provider() needs find(request), which every provider answers");
  }
  return functions;
}
