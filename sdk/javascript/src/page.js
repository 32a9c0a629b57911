// What an author's function returned, as the contract has it.

import { count, flag, isText, list, misfit, oneOf, optional, record, text, wellFormed } from "./shape.js";

/** A page, a list of items or one item as the contract's `page`. */
export function lowerPage(value) {
  if (Array.isArray(value)) return lowerPage({ items: value });
  if (value === null || typeof value !== "object" || value instanceof Promise) {
    throw misfit("what find or act returns", "an item, an array of items or a page", value);
  }
  if (!("items" in value)) return lowerPage({ items: [value] });
  const { items, next, cacheFor } = record(value, "the page", ["items", "next", "cacheFor"]);
  return {
    items: list(items, "items", lowerItem),
    next: optional(next, "next", text),
    cacheFor: optional(cacheFor, "cacheFor", (seconds, place) => count(seconds, place, 0xffffffff)),
  };
}

/** Proposals as the contract's `choice`s. */
export function lowerChoices(value) {
  return list(value ?? [], "what suggest returns", (choice, place) => {
    if (choice === null || typeof choice !== "object") {
      return { label: wellFormed(choice), value: lowerValue(choice, place) };
    }
    const { label, value } = record(choice, place, ["label", "value"]);
    return { label: text(label, `${place}.label`), value: lowerValue(value, `${place}.value`) };
  });
}

const ITEM = [
  "id", "kind", "title", "text", "url", "media", "thumbnail", "author", "source", "fields", "color", "published", "tags",
  "rating", "actions", "state",
];

function lowerItem(value, place) {
  const item = record(value, place, ITEM);
  const at = (name) => `${place}.${name}`;
  return {
    id: text(item.id, at("id")),
    kind: text(item.kind, at("kind")),
    title: optional(item.title, at("title"), text),
    text: optional(item.text, at("text"), text),
    url: optional(item.url, at("url"), address),
    media: optional(item.media, at("media"), lowerMedia),
    thumbnail: optional(item.thumbnail, at("thumbnail"), address),
    author: optional(item.author, at("author"), lowerLink),
    source: optional(item.source, at("source"), lowerLink),
    fields: optional(item.fields, at("fields"), (fields, place) => list(fields, place, lowerField)) ?? [],
    color: optional(item.color, at("color"), (color, place) => count(color, place, 0xffffff)),
    published: optional(item.published, at("published"), lowerMoment),
    tags: optional(item.tags, at("tags"), (tags, place) => list(tags, place, text)) ?? [],
    rating: oneOf(item.rating ?? "everyone", at("rating"), ["everyone", "sensitive"]),
    actions: optional(item.actions, at("actions"), (actions, place) => list(actions, place, lowerAction)) ?? [],
    state: optional(item.state, at("state"), text),
  };
}

/** A text, or an URL by what it has: naming the class would bring it into every program. */
function address(value, place) {
  return text(value?.href ?? value, place);
}

/** A URL, or a file. */
function lowerMedia(value, place) {
  if (isText(value) || isText(value?.href)) return { tag: "url", val: address(value, place) };
  const { fileName, mime, data } = record(value, place, ["fileName", "mime", "data"]);
  if (!(data instanceof Uint8Array)) throw misfit(`${place}.data`, "a Uint8Array", data);
  return { tag: "blob", val: { fileName: text(fileName, `${place}.fileName`), mime: text(mime, `${place}.mime`), data } };
}

/** A name, or one with a page to go to. */
function lowerLink(value, place) {
  if (isText(value)) return { label: wellFormed(value), url: null };
  const { label, url } = record(value, place, ["label", "url"]);
  return { label: text(label, `${place}.label`), url: optional(url, `${place}.url`, address) };
}

function lowerField(value, place) {
  const { name, value: shown, inline } = record(value, place, ["name", "value", "inline"]);
  if (!isText(shown) && typeof shown !== "number") throw misfit(`${place}.value`, "a text or a number", shown);
  return { name: text(name, `${place}.name`), value: wellFormed(shown), inline: flag(inline ?? false, `${place}.inline`) };
}

function lowerAction(value, place) {
  const { id, label, style } = record(value, place, ["id", "label", "style"]);
  return {
    id: text(id, `${place}.id`),
    label: text(label, `${place}.label`),
    style: oneOf(style ?? "secondary", `${place}.style`, ["primary", "secondary", "success", "danger"]),
  };
}

/** A Date, or milliseconds since the Unix epoch. What is no time, or before it, is left out as it can't be told. */
function lowerMoment(value, place) {
  const milliseconds = value instanceof Date ? value.getTime() : value;
  if (Number.isNaN(milliseconds) || milliseconds < 0) return null;
  return count(milliseconds, place, Number.MAX_SAFE_INTEGER);
}

function lowerValue(value, place) {
  if (isText(value)) return { tag: "text", val: wellFormed(value) };
  if (typeof value === "boolean") return { tag: "boolean", val: value };
  if (Number.isSafeInteger(value)) return { tag: "integer", val: value };
  if (Number.isFinite(value)) return { tag: "number", val: value };
  throw misfit(place, "a text, a number, true or false", value);
}
