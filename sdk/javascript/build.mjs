// Makes a component of a project: `node build.mjs OUTPUT`, in the project's folder. What is wrong is told on standard
// error, with the author's file and line where they are known, and ends the program with 1.

import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { bundle } from "./builder/bundle.mjs";
import { componentize } from "./builder/componentize.mjs";
import { Mistake } from "./builder/mistake.mjs";
import { look } from "./builder/look.mjs";

try {
  const main = await mainOf("package.json");
  const functions = look(main, await bundle.forLooking(main));
  const component = await componentize(await bundle.forComponent(main, functions), functions);
  const output = process.argv[2];
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, component);
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** The file that the component is made of. */
async function mainOf(file) {
  let main;
  try {
    ({ main } = JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new Mistake(`${file}: ${error.message}`);
  }
  if (typeof main !== "string") {
    throw new Mistake(`${file}: "main" must name the file that makes the provider, such as "src/main.js"`);
  }
  const found = await stat(main).catch(() => undefined);
  if (!found?.isFile()) throw new Mistake(`${file}: "main" names ${main}, and there is no such file`);
  return main;
}
