// The operator's settings, as provider.toml's `[[setting]]` tables describe them.

import * as contract from "autocontent:provider/settings@1.0.0";

export function get(name) {
  return contract.get(String(name))?.val;
}
