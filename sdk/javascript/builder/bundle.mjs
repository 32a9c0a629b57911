// One file of all that a project's main file imports: its own files, npm packages, and this SDK.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { MAP } from "../src/stack.js";
import { readable } from "./map.mjs";
import { Mistake, partOfNode } from "./mistake.mjs";

const SDK = new URL("../src/", import.meta.url);

export const bundle = {
  /** A script that leaves the main file's exports in the variable `main`; to be run where there is no host. */
  forLooking(main) {
    const source = `import ${file("ambient.js")};\nexport * as exported from ${relative(main)};`;
    return run(source, { format: "iife", globalName: "main", plugins: [noNode, noHost] });
  },

  /** A module with the component's exports, and its source map in a variable of its own. */
  async forComponent(main, functions) {
    const calls = { find: "content", suggest: "suggestions", act: "actions" };
    const source = [
      `import ${file("ambient.js")};`,
      `import * as calls from ${file("entry.js")};`,
      `import provider from ${relative(main)};`,
      ...functions.map((name) => `export const ${calls[name]} = calls.${calls[name]}(provider);`),
    ].join("\n");
    const { code, map } = await run(source, { format: "esm", plugins: [noNode], external: ["autocontent:*"] });
    return { code: `${code}\nglobalThis.${MAP} = ${JSON.stringify(map)};\n`, map };
  },
};

async function run(contents, options) {
  let output;
  try {
    output = await build({
      stdin: { contents, resolveDir: process.cwd(), sourcefile: ".autocontent/entry.js" },
      outfile: "provider.js",
      bundle: true,
      write: false,
      sourcemap: "external",
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["module"],
      charset: "utf8",
      inject: [fileURLToPath(new URL("url.js", SDK))],
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "silent",
      ...options,
    });
  } catch (error) {
    throw error.errors ? Mistake.of(error.errors) : error;
  }
  const [map, code] = [".map", ".js"].map((end) => output.outputFiles.find(({ path }) => path.endsWith(end)).text);
  return { code, map: readable(JSON.parse(map)) };
}

/** Says why node's modules can't be had, rather than that they were not found. */
const noNode = {
  name: "no-node",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ errors: [{ text: partOfNode(path) }] }));
  },
};

/** The functions of the contract's interfaces. */
const CONTRACT = {
  http: ["fetch", "fetchAll"],
  log: ["write"],
  settings: ["get"],
  storage: ["get", "set", "delete", "increment", "keys"],
  system: ["now", "random"],
};

/** The contract where there is no host: everything is there, and can't be called. */
const noHost = {
  name: "no-host",
  setup(build) {
    build.onResolve({ filter: /^autocontent:/ }, ({ path }) => ({ path, namespace: "contract" }));
    build.onLoad({ filter: /.*/, namespace: "contract" }, ({ path }) => {
      const name = path.replace(/^autocontent:provider\/|@.*$/g, "");
      const exports = CONTRACT[name].map((name) => `refuse as ${name}`).join(", ");
      return { contents: `const refuse = () => { throw new Error(${JSON.stringify(refusal(name))}); };\nexport { ${exports} };` };
    });
  },
};

function refusal(name) {
  const what = { http: "HTTP", system: "the clock and randomness" }[name] ?? name;
  return `${what} can't be had while the file is loaded, as that happens when it is built; use it inside of find, suggest or act`;
}

function file(name) {
  return JSON.stringify(fileURLToPath(new URL(name, SDK)));
}

function relative(main) {
  return JSON.stringify(`./${main.replace(/^\.\//, "")}`);
}
