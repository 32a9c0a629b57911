// The component: the engine, QuickJS, with the bundle loaded into it already.

import { fileURLToPath } from "node:url";
import { componentize as make } from "componentize-qjs";

import { original } from "../src/stack.js";
import { Mistake } from "./mistake.mjs";

const WIT = fileURLToPath(new URL("../../wit", import.meta.url));

/** The component's bytes, without a manifest. */
export async function componentize({ code, map }, functions) {
  try {
    const { component } = await make({
      witPath: WIT,
      world: world(functions),
      jsSource: code,
      // The contract is synchronous and knows no WASI: what the engine would use of that is cut off.
      sync: true,
      stubWasi: true,
    });
    return component;
  } catch (error) {
    throw new Mistake(inOriginals(error.message, map));
  }
}

function world(functions) {
  const [suggests, acts] = ["suggest", "act"].map((name) => functions.includes(name));
  if (suggests && acts) return "interactive-provider";
  if (suggests) return "suggesting-provider";
  return acts ? "acting-provider" : "provider";
}

/** The engine's words, with places in the author's files in place of those in the bundle, the innermost first. */
function inOriginals(message, map) {
  const places = /[^\s(]*user\.js:(\d+):(\d+)/g;
  const told = message.replace(places, (place, line, column) => original(map, Number(line), Number(column)) ?? place);
  const thrown = told.replace(/^[^]*JavaScript module evaluation: /, "").trimEnd();
  const [, place] = /^ +at .*?([^\s(]+:\d+:\d+)\)?$/m.exec(thrown) ?? [];
  return place ? `${place}: ${thrown}` : thrown;
}
