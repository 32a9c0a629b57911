// Lines for the operator.

import * as contract from "autocontent:provider/log@1.0.0";

import { inspect } from "./inspect.js";
import { wellFormed } from "./shape.js";

export const trace = (...values) => write("trace", values);
export const debug = (...values) => write("debug", values);
export const info = (...values) => write("info", values);
export const warn = (...values) => write("warn", values);
export const error = (...values) => write("error", values);

function write(level, values) {
  contract.write(level, wellFormed(values.map(inspect).join(" ")));
}
