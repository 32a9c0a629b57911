// The operator's settings, as provider.toml's `[[setting]]` tables describe them.

import * as contract from "autocontent:provider/settings@1.0.0";

import { wellFormed } from "./shape.js";

export function get(name) {
  return contract.get(wellFormed(name))?.val;
}
