// What is behind an answer: what the call cost, what it fetched and logged; the provider, its storage, and its builds.

import { element, fill, byId } from "./element.js";

const KIB = 1024;
/** Microseconds between two looks at the processor. */
const TICK = 10_000;

/** Lets the tabs be chosen, with the arrow keys too. `opened` is called with the name of the one that is. */
export function tabs(opened) {
  const all = [...document.querySelectorAll("[role=tab]")];
  const open = (tab) => {
    for (const one of all) {
      const now = one === tab;
      one.setAttribute("aria-selected", String(now));
      one.tabIndex = now ? 0 : -1;
      byId(one.getAttribute("aria-controls")).hidden = !now;
    }
    opened(tab.id.replace("tab-", ""));
  };
  for (const [index, tab] of all.entries()) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = all[(index + step + all.length) % all.length];
      open(next);
      next.focus();
      event.preventDefault();
    });
  }
}

/** Shows a call. */
export function call(panel, answer, limits) {
  if (!answer) {
    fill(panel, nothing("Run a command to see what it costs, fetches and logs."));
    return;
  }
  if (answer.error) {
    fill(panel, element("p", { className: "notice-error" }, answer.error));
    return;
  }
  const { usage, fetches, logs, calls, missing = [] } = answer;
  const wrong = calls.map(({ answer: said }) => said.fault ?? (said.failure && failure(said.failure))).filter(Boolean);
  const from = answer.network === "live" ? "live" : "from a recording";
  fill(
    panel,
    wrong.map((text) => element("p", { className: "notice-error" }, text)),
    missing.map((text) => element("p", { className: "notice-error" }, text)),
    section("Cost", usage.calls > 0 ? cost(usage, calls, limits) : nothing("The provider was not asked.")),
    section(`Fetches${count(fetches)}`, fetches.length ? element("ol", { className: "rows" }, fetches.map((one) => fetched(one, from))) : nothing("None.")),
    section(`Log${count(logs)}`, logs.length ? element("ol", { className: "rows log" }, logs.map(logged)) : nothing("Nothing was logged.")),
    section("JSON", answer.reply && json("The message as Discord gets it", answer.reply.message), calls.map((one) => json(`What ${one.function} answered`, one.answer))),
  );
}

/** Beside the limits, which hold for each call alone: so of several calls it is the largest. */
function cost(usage, calls, limits) {
  const most = (field) => Math.max(...calls.map((one) => one.usage[field]));
  const meters = [
    meter("Time", most("time_us"), limits?.time_us, duration),
    meter("Processor", most("cpu_ticks") * TICK, limits?.cpu_us, (value) => (value === 0 ? "under 10 ms" : duration(value))),
    meter("Memory", most("memory_bytes"), limits?.memory_bytes, size),
  ];
  const together = calls.length > 1 ? `The largest of ${calls.length} calls, which took ${duration(usage.time_us)} together. ` : "";
  const host = `The host was called ${usage.host_calls === 1 ? "once" : `${usage.host_calls} times`}.`;
  return element("div", { className: "meters" }, meters, element("p", { className: "quiet" }, together + host));
}

function meter(name, value, most, shown) {
  const part = most ? Math.min(value / most, 1) : 0;
  const bar = element("div", {
    className: "meter",
    role: "meter",
    "aria-label": name,
    "aria-valuemin": "0",
    "aria-valuemax": String(most ?? value),
    "aria-valuenow": String(value),
    "aria-valuetext": shown(value),
    dataset: { level: part > 0.9 ? "high" : part > 0.6 ? "some" : "low" },
  });
  const filled = element("div", {});
  filled.style.inlineSize = `${Math.max(part * 100, value > 0 ? 1 : 0)}%`;
  bar.append(filled);
  return element(
    "div",
    { className: "measure" },
    element("span", { className: "measure-name" }, name),
    element("span", { className: "measure-value" }, shown(value), most ? element("span", { className: "quiet" }, ` of ${shown(most)}`) : undefined),
    bar,
  );
}

/** A failure of the provider's, whose one key says which. */
function failure(said) {
  const [[name, what]] = Object.entries(said);
  return what === true ? name : `${name}: ${typeof what === "string" ? what : JSON.stringify(what)}`;
}

function fetched(one, from) {
  const good = one.status < 400;
  return element(
    "li",
    { className: "fetch" },
    element("span", { className: "badge", dataset: { tone: good ? "good" : "bad" } }, String(one.status ?? "failed")),
    element("span", { className: "method" }, one.method),
    element("span", { className: "address" }, one.url),
    element("span", { className: "quiet fetch-about" }, [from, duration(one.time_us), one.error ?? size(one.bytes)].join(" · ")),
  );
}

function logged(line) {
  return element("li", { dataset: { level: line.level } }, element("span", { className: "level" }, line.level), element("span", { className: "line" }, line.message));
}

/** Shows what the provider says of itself. `set` gives a setting a value, and answers with what is wrong with it. */
export function provider(panel, state, set) {
  const { provider: one, recordings } = state;
  if (!one) {
    fill(panel, nothing("There is no version that could be loaded yet."));
    return;
  }
  fill(
    panel,
    section("About", facts([["Id", one.id], ["Version", one.version], ["Description", one.description], ["Licence", one.license], ["Component", `${size(one.size)}, ${one.digest.replace("sha256:", "").slice(0, 12)}`]])),
    section("Asks for", one.capabilities.length ? element("ul", { className: "plain" }, one.capabilities.map((text) => element("li", {}, element("code", {}, text)))) : nothing("Nothing.")),
    one.settings.length > 0 && section("Settings", one.settings.map((setting) => settingForm(setting, set))),
    one.secrets.length > 0 && section("Secrets", facts(one.secrets.map((secret) => [secret.name, `${secret.set ? "filled in" : "not filled in"}, for ${secret.host}`]))),
    section("Recordings", recordings.length ? element("ul", { className: "plain" }, recordings.map((path) => element("li", {}, element("code", {}, path)))) : nothing("There are none in recordings/.")),
    section("Limits", facts([["Time", duration(one.limits.time_us)], ["Processor", duration(one.limits.cpu_us)], ["Memory", size(one.limits.memory_bytes)], ["Media", size(one.limits.media_bytes)]])),
    section(`Commands${count(one.commands)}`, element("ul", { className: "plain" }, one.commands.map(described))),
  );
}

/** Changes a setting for as long as `provider dev` runs. */
function settingForm(setting, set) {
  const id = `setting-${setting.name}`;
  const taken = setting.kind === "boolean" ? ["true", "false"] : setting.choices;
  const chosen = taken.length > 0 && setting.kind !== "texts";
  const input = chosen
    ? element("select", { id }, (setting.value === null ? ["", ...taken] : taken).map((value) => element("option", { value }, value || "not set")))
    : element("input", { id, type: "text", autocomplete: "off", spellcheck: false, placeholder: setting.kind === "texts" ? "one, another" : "not set" });
  input.value = setting.value ?? "";
  input.setAttribute("aria-describedby", `${id}-about`);
  const wrong = element("p", { className: "notice-error", role: "alert", hidden: true });
  const made = element(
    "form",
    { className: "setting" },
    element("label", { htmlFor: id }, element("code", {}, setting.name)),
    element("div", { className: "setting-value" }, input, element("button", { type: "submit", className: "button button-secondary" }, "Set")),
    element("p", { className: "quiet", id: `${id}-about` }, setting.description),
    wrong,
  );
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = (await set(setting.name, input.value)) ?? "";
    wrong.hidden = wrong.textContent === "";
  });
  return made;
}

function described(command) {
  const options = command.options.map((option) => (option.required ? option.name : `${option.name}?`)).join(" ");
  return element("li", { className: "command-row" }, element("code", {}, `/${command.name}${options ? ` ${options}` : ""}`), element("span", { className: "quiet" }, command.description));
}

/** Shows what the provider keeps. `clear` empties it. */
export function storage(panel, kept, clear) {
  const button = element("button", { type: "button", className: "button button-secondary" }, "Forget all of it");
  button.addEventListener("click", clear);
  const head = ["Whose", "Key", "Value"].map((text) => element("th", { scope: "col" }, text));
  const rows = kept.entries.map((entry) =>
    element("tr", {}, element("td", {}, entry.scope), element("td", {}, element("code", {}, entry.key)), element("td", {}, value(entry))),
  );
  const left = kept.count - kept.entries.length;
  const quota = kept.quota_bytes ? `${size(kept.used_bytes)} of ${size(kept.quota_bytes)} are used, all members and places together.` : "The manifest asks for no storage.";
  fill(
    panel,
    section("Storage", nothing(quota), rows.length ? [element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)), left > 0 && nothing(`${left} more are not shown.`), button] : nothing("Nothing is kept for this member here."), nothing("What is kept lasts until the recordings or the network change, or `provider dev` ends.")),
  );
}

/** What is kept, or its beginning: bytes that are no text are marked, as they could be read as one. */
function value(entry) {
  const bytes = entry.base64 !== undefined;
  return [bytes && element("span", { className: "badge" }, "base64"), bytes && " ", element("code", { className: "value" }, entry.text ?? entry.base64), entry.cut && element("span", { className: "quiet" }, ` … ${size(entry.bytes)}`)];
}

/** Shows the last build. */
export function build(panel, state) {
  const { build: one, project } = state;
  fill(
    panel,
    section("Project", facts([["Folder", project.folder], ["Language", project.language]])),
    section("Last build", facts([["State", one.status], one.time_ms === undefined || one.time_ms === null ? undefined : ["Took", `${(one.time_ms / 1000).toFixed(2)} s`], ["Number", String(one.number)]].filter(Boolean))),
    one.problems.length > 0 && section("Problems", problems(one.problems)),
    one.output && section("Output", element("pre", { className: "output", tabIndex: 0 }, one.output)),
  );
}

/** What is wrong, each with its place. */
export function problems(all) {
  const shown = (one) => {
    const place = [one.file, one.line, one.column].filter((part) => part !== undefined && part !== null).join(":");
    return element("li", { dataset: { level: one.level } }, place && element("code", { className: "place" }, place), element("span", { className: "line" }, one.message), one.detail && element("pre", { className: "detail", tabIndex: 0 }, one.detail));
  };
  return element("ol", { className: "rows problem-rows" }, all.map(shown));
}

/** Microseconds as people read them. */
export function duration(us) {
  if (us < 1000) return `${us} µs`;
  if (us < 1_000_000) return `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`;
  return `${(us / 1_000_000).toFixed(us % 1_000_000 === 0 ? 0 : 2)} s`;
}

/** Bytes as people read them. */
export function size(bytes) {
  if (bytes < KIB) return `${bytes} B`;
  if (bytes < KIB * KIB) return `${(bytes / KIB).toFixed(bytes % KIB ? 1 : 0)} KiB`;
  return `${(bytes / KIB / KIB).toFixed(bytes % (KIB * KIB) ? 1 : 0)} MiB`;
}

function section(title, ...inside) {
  return element("section", { className: "part" }, element("h2", {}, title), inside);
}

function facts(rows) {
  return element("dl", { className: "facts" }, rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function nothing(text) {
  return element("p", { className: "quiet" }, text);
}

function count(all) {
  return all.length ? ` (${all.length})` : "";
}

function json(title, value) {
  return element("details", {}, element("summary", {}, title), element("pre", { className: "output", tabIndex: 0 }, JSON.stringify(value, null, 2)));
}
