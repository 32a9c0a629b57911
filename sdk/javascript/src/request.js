// What the host asks, as authors read it.

/** The contract's `request`. */
export function liftRequest({ command, arguments: given, trigger, audience, limit, cursor }) {
  return { command, options: liftOptions(given), trigger: liftTrigger(trigger), audience, limit, cursor: cursor ?? undefined };
}

/** The contract's `partial`. */
export function liftPartial({ command, name, typed, arguments: given, audience }) {
  return { command, option: name, typed, options: liftOptions(given), audience };
}

/** The contract's `press`. */
export function liftPress({ action, item, state, request }) {
  return { action, item, state: state ?? undefined, request: liftRequest(request) };
}

/** The options that are filled in, by name. */
function liftOptions(given) {
  return Object.fromEntries(given.map(({ name, value }) => [name, value.val]));
}

function liftTrigger({ tag, val }) {
  if (tag !== "activity") return { kind: tag };
  const known = Object.entries(val.val).filter(([, value]) => value !== null);
  return { kind: tag, activity: { kind: val.tag, ...Object.fromEntries(known) } };
}
