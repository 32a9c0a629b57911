// Making nodes of the page. Children are nodes or texts, and a text is never read as HTML.

/** An element with these properties; `dataset` is an object, and names with a hyphen are attributes. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (key === "dataset") Object.assign(made.dataset, value);
    else if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/** Gives a node other children. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
}

/** The element of this id. */
export function byId(id) {
  return document.getElementById(id);
}
