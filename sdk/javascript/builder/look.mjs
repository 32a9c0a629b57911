// Which functions a provider has, seen by loading it where there is no host: nothing of node is there, and everything
// of the host refuses.

import vm from "node:vm";

import { original } from "../src/stack.js";
import { Mistake } from "./mistake.mjs";

/** What node's engine has besides the language, and the component's has too. */
const SHARED = ["DOMException", "atob", "btoa", "queueMicrotask"];

/** Milliseconds; more is no loading any more. */
const PATIENCE = 10_000;

/** The names of the provider's functions: find, and perhaps suggest and act. */
export function look(main, { code, map }) {
  const context = vm.createContext(Object.fromEntries(SHARED.map((name) => [name, globalThis[name]])));
  try {
    vm.runInContext("delete globalThis.Intl; delete globalThis.WebAssembly", context);
    vm.runInContext(code, context, { filename: "provider.js", timeout: PATIENCE });
  } catch (error) {
    throw new Mistake(`${placeOf(error, map) ?? main}: ${error?.name ?? "Error"}: ${error?.message ?? error}`);
  }
  const provider = context.main.exported.default;
  if (typeof provider?.find !== "function") {
    throw new Mistake(`${main}: the default export is no provider; write: export default provider({ find(request) { … } })`);
  }
  const functions = ["find", "suggest", "act"].filter((name) => provider[name]);
  const async = functions.find((name) => provider[name].constructor.name === "AsyncFunction");
  if (async) {
    throw new Mistake(`${main}: ${async} is async, and a call ends when it returns; everything of the host answers at once, so leave async and await out`);
  }
  return functions;
}

/** The innermost place of the author's own, else the innermost. */
function placeOf(error, map) {
  const places = [...String(error?.stack).matchAll(/provider\.js:(\d+):(\d+)/g)];
  const found = places.map(([, line, column]) => original(map, Number(line), Number(column))).filter(Boolean);
  return found.find((place) => !/node_modules\/|^\.autocontent\/|^contract:/.test(place)) ?? found[0];
}
