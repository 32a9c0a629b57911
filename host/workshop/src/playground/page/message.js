// A Discord message as Discord shows it: text, embeds, files, buttons.

import { element } from "./element.js";
import { inline, link, markdown, webAddress } from "./markdown.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
/** Discord's type of a button. */
const BUTTON = 2;

/**
 * The nodes of a message. `files` are its attachments, each with `name`, `mime` and `data` in base64; `press` is called
 * with the id of a button that was pressed.
 */
export function message(said, files, press) {
  const embeds = said.embeds ?? [];
  const videos = [...(said.content ?? "").matchAll(/https:\/\/\S+\.(?:mp4|webm|mov)(?=\s|$)/g)].map(([url]) => url);
  const shown = new Set(embeds.flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]));
  const left = files.filter((file) => !shown.has(`attachment://${file.name}`));
  return [
    said.content ? element("div", { className: "content" }, markdown(said.content)) : undefined,
    videos.map((url) => element("video", { src: url, controls: true, preload: "metadata", className: "video" })),
    embeds.map((one) => embed(one, files)),
    left.map(attachment),
    (said.components ?? []).map((row) => buttons(row, press)),
  ];
}

function embed(one, files) {
  const made = element("article", { className: "embed", ariaLabel: "Embed" });
  if (one.color !== undefined && one.color !== null) {
    made.style.setProperty("--line", `#${one.color.toString(16).padStart(6, "0")}`);
  }
  const thumbnail = picture(one.thumbnail?.url, files, "thumbnail", "Thumbnail");
  const image = picture(one.image?.url, files, "image", one.title ?? "Picture");
  const body = element(
    "div",
    { className: "embed-body" },
    one.author && element("p", { className: "embed-author" }, linked(one.author.name, one.author.url)),
    one.title && element("p", { className: "embed-title" }, linked(inline(one.title), one.url)),
    one.description && element("div", { className: "embed-text" }, markdown(one.description)),
    fields(one.fields ?? []),
  );
  made.append(body);
  if (thumbnail) made.append(thumbnail);
  if (image) made.append(image);
  const when = one.timestamp ? new Date(one.timestamp) : undefined;
  const date = when && !Number.isNaN(when.getTime()) ? when.toLocaleDateString(undefined, { dateStyle: "medium" }) : undefined;
  const footer = [one.footer?.text, date].filter(Boolean).join(" • ");
  if (footer) made.append(element("p", { className: "embed-footer" }, footer));
  return made;
}

/** Fields that may share a line stand at most three beside each other, as in Discord. */
function fields(all) {
  if (all.length === 0) return undefined;
  const rows = [];
  for (const field of all) {
    const row = rows.at(-1);
    if (field.inline && row?.[0].inline && row.length < 3) row.push(field);
    else rows.push([field]);
  }
  const shown = (field) =>
    element("div", { className: "field" }, element("dt", {}, inline(field.name)), element("dd", {}, markdown(field.value)));
  return rows.map((row) => element("dl", { className: `fields fields-${row.length}` }, row.map(shown)));
}

function linked(inside, address) {
  const url = address && webAddress(address);
  return url ? link(url, inside) : inside;
}

/** A picture from the web or from the message's files; where it can't be had, its address says which it was to be. */
function picture(address, files, className, alternative) {
  if (!address) return undefined;
  const name = address.startsWith("attachment://") ? address.slice("attachment://".length) : undefined;
  const file = files.find((one) => one.name === name);
  const source = name === undefined ? address : file && dataAddress(file);
  const missing = () => element("span", { className: `${className} missing` }, `This picture could not be loaded: ${address}`);
  if (!source) return missing();
  const made = element("img", { src: source, alt: alternative, className, referrerPolicy: "no-referrer", loading: "lazy" });
  made.addEventListener("error", () => made.replaceWith(missing()), { once: true });
  return made;
}

function dataAddress(file) {
  return `data:${file.mime};base64,${file.data}`;
}

function attachment(file) {
  if (file.mime.startsWith("image/")) {
    return element("img", { src: dataAddress(file), alt: file.name, className: "image" });
  }
  const size = Math.max(1, Math.round((file.data.length * 3) / 4 / 1024));
  return element("p", { className: "file" }, element("strong", {}, file.name), ` ${file.mime}, ${size} KiB`);
}

function buttons(row, press) {
  const made = (row.components ?? [])
    .filter((component) => component.type === BUTTON)
    .map((component) => {
      const inside = [
        component.emoji?.name && element("span", { className: "emoji" }, component.emoji.name),
        component.label && element("span", {}, component.label),
      ];
      const style = STYLES[component.style] ?? "secondary";
      const url = component.url && webAddress(component.url);
      if (url) {
        const away = link(url, inside);
        away.className = "button button-link";
        return away;
      }
      const button = element("button", { type: "button", className: `button button-${style}`, disabled: component.disabled === true }, inside);
      if (!component.label) button.setAttribute("aria-label", component.emoji?.name ?? "Button");
      button.addEventListener("click", () => press(component.custom_id, button));
      return button;
    });
  return element("div", { className: "buttons", role: "group", "aria-label": "Buttons" }, made);
}
