// Discord's Markdown as nodes of the page. Nothing here ever reads text as HTML: every piece becomes a text node, and
// links lead to the web only.

import { element } from "./element.js";

/** So deep may marks be nested; deeper ones stay as they were typed. */
const DEEPEST = 8;

const MARKS = [
  ["***", (inside) => element("strong", {}, element("em", {}, inside))],
  ["**", (inside) => element("strong", {}, inside)],
  ["__", (inside) => element("u", {}, inside)],
  ["~~", (inside) => element("s", {}, inside)],
  ["||", spoiler],
  ["*", (inside) => element("em", {}, inside)],
  ["_", (inside) => element("em", {}, inside)],
];

/** A whole text: blocks of code, quotes, headings, lists, and lines. */
export function markdown(text) {
  const nodes = [];
  let rest = text;
  while (rest !== "") {
    const fence = /```(?:([a-zA-Z0-9_+-]+)\n)?\n?([^]+?)\n?```/.exec(rest);
    if (!fence) break;
    nodes.push(...lines(rest.slice(0, fence.index).replace(/\n$/, "")));
    nodes.push(element("pre", {}, element("code", { dataset: { language: fence[1] ?? "" } }, fence[2])));
    rest = rest.slice(fence.index + fence[0].length).replace(/^\n/, "");
  }
  return [...nodes, ...lines(rest)];
}

/** A text without blocks, such as a title; its marks may reach over several lines. */
export function inline(text, depth = 0) {
  const nodes = [];
  let plain = "";
  const push = (node) => {
    if (plain) nodes.push(document.createTextNode(plain));
    plain = "";
    nodes.push(node);
  };
  let at = 0;
  while (at < text.length) {
    const found = depth < DEEPEST ? piece(text, at, depth) : undefined;
    if (text[at] === "\n") {
      push(element("br"));
      at += 1;
    } else if (!found) {
      plain += text[at];
      at += 1;
    } else {
      if (typeof found.node === "string") plain += found.node;
      else push(found.node);
      at += found.length;
    }
  }
  if (plain) nodes.push(document.createTextNode(plain));
  return nodes;
}

/** A link that leads to the web; none for any other address. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) && !url.username && !url.password ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** A link that opens in a tab of its own and tells nobody where it was followed. */
export function link(address, inside) {
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, inside);
}

function lines(text) {
  const nodes = [];
  const all = text === "" ? [] : text.split("\n");
  let between = [];
  const close = () => {
    nodes.push(...inline(between.join("\n")));
    between = [];
  };
  for (let at = 0; at < all.length; ) {
    const block = quote(all, at) ?? list(all, at) ?? heading(all[at]);
    if (block) {
      close();
      nodes.push(block.node);
      at += block.lines;
    } else {
      between.push(all[at]);
      at += 1;
    }
  }
  close();
  return nodes;
}

function quote(all, at) {
  const whole = /^>>> (.*)$/.exec(all[at]);
  if (whole) {
    const inside = lines([whole[1], ...all.slice(at + 1)].join("\n"));
    return { node: element("blockquote", {}, inside), lines: all.length - at };
  }
  let end = at;
  while (end < all.length && /^> /.test(all[end])) end += 1;
  if (end === at) return undefined;
  const inside = all.slice(at, end).map((line) => line.slice(2));
  // Discord knows no quote within a quote.
  return { node: element("blockquote", {}, inline(inside.join("\n"))), lines: end - at };
}

function list(all, at) {
  const item = /^(\s*)([-*]|\d{1,9}\.) (.+)$/;
  const first = item.exec(all[at]);
  if (!first) return undefined;
  const ordered = /\d/.test(first[2]);
  const made = element(ordered ? "ol" : "ul", ordered ? { start: Number.parseInt(first[2], 10) } : {});
  let end = at;
  for (let found = first; found && ordered === /\d/.test(found[2]); found = item.exec(all[end] ?? "")) {
    made.append(element("li", { className: found[1].length > 1 ? "deeper" : "" }, inline(found[3])));
    end += 1;
  }
  return { node: made, lines: end - at };
}

function heading(line) {
  const found = /^(#{1,3}|-#) +(.+)$/.exec(line);
  if (!found) return undefined;
  const [, mark, text] = found;
  if (mark === "-#") return { node: element("small", { className: "subtext" }, inline(text)), lines: 1 };
  // Not the page's own headings, which are landmarks for those who can't see it.
  return { node: element("p", { className: `heading heading-${mark.length}` }, inline(text)), lines: 1 };
}

/** What begins at this place, and how long it is. */
function piece(text, at, depth) {
  const rest = text.slice(at);
  switch (text[at]) {
    case "\\":
      return /^\\[!-/:-@[-`{-~]/.test(rest) ? { node: rest[1], length: 2 } : undefined;
    case "`":
      return code(rest);
    case "[":
      return masked(rest, depth);
    case "<":
      return angled(rest);
    case "h":
      return address(rest);
    default:
      return marked(text, at, depth);
  }
}

function code(rest) {
  const found = /^(`{1,2})(?!`)([^]*?[^`])\1(?!`)/.exec(rest);
  return found ? { node: element("code", {}, found[2].trim() || found[2]), length: found[0].length } : undefined;
}

function masked(rest, depth) {
  const found = /^\[([^\]\n]+)\]\(<?([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?\)/.exec(rest);
  const url = found && webAddress(found[2]);
  return url ? { node: link(url, inline(found[1], depth + 1)), length: found[0].length } : undefined;
}

function angled(rest) {
  const mention = /^<(@[!&]?|#)(\d{1,20})>/.exec(rest);
  if (mention) {
    const word = { "#": "#channel", "@&": "@role" }[mention[1]] ?? "@member";
    return { node: element("span", { className: "mention", title: mention[2] }, word), length: mention[0].length };
  }
  const emoji = /^<a?(:\w{2,32}:)\d{1,20}>/.exec(rest);
  if (emoji) return { node: emoji[1], length: emoji[0].length };
  const moment = /^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/.exec(rest);
  if (moment) return { node: time(Number(moment[1]), moment[2] ?? "f"), length: moment[0].length };
  const found = /^<(https?:\/\/[^\s<>]+)>/.exec(rest);
  const url = found && webAddress(found[1]);
  return url ? { node: link(url, found[1]), length: found[0].length } : undefined;
}

function address(rest) {
  const found = /^https?:\/\/[^\s<>]+/.exec(rest);
  // What ends a sentence is no part of an address, nor is a bracket that was opened before it.
  const text = found?.[0].replace(/[.,:;!?'"*_~|)\]]+$/, (end) => (end[0] === ")" && found[0].includes("(") ? ")" : ""));
  const url = text && webAddress(text);
  return url ? { node: link(url, text), length: text.length } : undefined;
}

function marked(text, at, depth) {
  for (const [mark, made] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    const from = at + mark.length;
    const to = closing(text, from, mark);
    // An underscore inside of a word is one.
    const inWord = mark === "_" && (/\w/.test(text[at - 1] ?? "") || /\w/.test(text[to + 1] ?? ""));
    if (to > from && !inWord && (mark === "||" || !/^\s/.test(text.slice(from, to)))) {
      return { node: made(inline(text.slice(from, to), depth + 1)), length: to + mark.length - at };
    }
  }
  return undefined;
}

/** Where a mark is closed: not behind a backslash, not within code, and not by a part of a longer mark. */
function closing(text, from, mark) {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "`") at += Math.max((code(text.slice(at))?.length ?? 1) - 1, 0);
    else if (text.startsWith(mark, at)) {
      if (mark.length > 1 || (text[at + 1] !== mark && text[at - 1] !== mark)) return at;
    }
  }
  return -1;
}

function spoiler(inside) {
  const button = element("button", { type: "button", className: "spoiler", ariaPressed: "false", title: "Spoiler" });
  button.append(element("span", {}, inside));
  button.addEventListener("click", () => button.setAttribute("aria-pressed", "true"));
  return button;
}

const FORMS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function time(seconds, form) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "Invalid date";
  const shown = form === "R" ? ago(date) : new Intl.DateTimeFormat(undefined, FORMS[form]).format(date);
  return element("time", { dateTime: date.toISOString(), className: "mention", title: date.toLocaleString() }, shown);
}

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const steps = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, length] = steps.find(([, step]) => Math.abs(seconds) >= step) ?? steps.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / length), unit);
}
