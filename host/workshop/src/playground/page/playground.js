// The page of `autocontent provider dev`: what is said, and what follows from it.

import { composer } from "./composer.js";
import { element, fill, byId } from "./element.js";
import * as inspector from "./inspector.js";
import { message } from "./message.js";
import { ask, follow } from "./server.js";

/** Discord's flag of a message that one member sees. */
const EPHEMERAL = 64;
const MEMBERS = 3;
const LOCALES = "bg cs da de el en-GB en-US es-419 es-ES fi fr hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW";
const KEPT = "autocontent-playground";

let state;
let entries = [];
let selected;
let shownProvider;

const line = composer({
  commands: () => state?.provider?.commands ?? [],
  asker,
  run: (text) => runNew(text),
  said: (answer) => select(undefined, answer),
});

function asker() {
  return {
    place: byId("place").value,
    member: Number(byId("member").value),
    locale: byId("locale").value,
    sensitive: byId("sensitive").checked,
  };
}

// --- What is asked and answered ---

async function runNew(text) {
  const entry = add({ line: text, ask: { path: "api/run", body: { line: text, ...asker() } } });
  await carryOut(entry);
}

async function press(id, button) {
  const entry = entries.find((one) => one.node.contains(button));
  const label = button.textContent.trim();
  button.disabled = true;
  const body = { button: id, harness: entry.answer.harness, ...asker() };
  const next = add({ line: label, pressed: true, ask: { path: "api/press", body }, from: entry });
  await carryOut(next);
  button.disabled = false;
  retire(entry);
}

/** What a harness showed that is no more can't be pressed: the next one counts its messages from the beginning. */
function retire(entry) {
  if (!entry.answer?.harness || entry.answer.harness >= (state?.provider?.harness ?? 0)) return;
  for (const button of entry.node.querySelectorAll(".buttons button")) {
    button.disabled = true;
    button.title = "This message is from before everything was begun anew";
  }
}

async function carryOut(entry) {
  entry.node.classList.add("thinking");
  show(entry);
  try {
    entry.answer = await ask(entry.ask.path, entry.ask.body);
  } catch (error) {
    entry.answer = { error: error.message };
  }
  entry.node.classList.remove("thinking");
  const { from, answer } = entry;
  if (from && answer.reply?.kind === "buttons") {
    // The message that carries the button stays, and gets what is new.
    Object.assign(from.answer.reply.message, answer.reply.message);
    show(from);
    remove(entry);
    select(from, answer);
    return;
  }
  // The button stood in a menu, which was asked for under the message.
  if (from && answer.reply?.kind === "delete") remove(from.from ?? from);
  show(entry);
  select(entry);
  entry.node.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function add(entry) {
  entry.node = element("li", { className: "entry" });
  entry.when = new Date();
  entries.push(entry);
  byId("entries").append(entry.node);
  byId("welcome").hidden = true;
  return entry;
}

function remove(entry) {
  entries = entries.filter((one) => one !== entry);
  entry.node.remove();
}

/** Shows what was asked and what came of it, as Discord does. */
function show(entry) {
  const { answer } = entry;
  const reply = answer?.reply;
  const said = reply?.message;
  const quiet = reply?.private === true || ((said?.flags ?? 0) & EPHEMERAL) !== 0;
  entry.node.classList.toggle("private", quiet);
  const name = state?.provider?.name ?? "Provider";
  const used = element("p", { className: "used" }, element("span", { className: "used-who" }, `Member ${entry.ask.body.member}`), entry.pressed ? " pressed " : " used ", element("code", {}, entry.line));
  const body = element("div", { className: "said" });
  if (!answer) fill(body, element("p", { className: "dots", role: "status" }, `${name} is thinking`, element("span", { ariaHidden: "true" }, "…")));
  else if (answer.error) fill(body, element("p", { className: "notice-error" }, answer.error));
  else fill(body, message(said, reply.files, press));
  const details = element("button", { type: "button", className: "details" }, "Details");
  details.addEventListener("click", () => {
    select(entry);
    byId("panel-call").scrollIntoView({ block: "nearest" });
  });
  const cost = answer?.usage ? element("span", { className: "quiet" }, inspector.duration(answer.usage.time_us)) : undefined;
  fill(
    entry.node,
    used,
    element("span", { className: "avatar", ariaHidden: "true" }, initial(name)),
    element(
      "div",
      { className: "message" },
      element("p", { className: "message-head" }, element("strong", {}, name), element("span", { className: "app" }, "App"), element("time", { dateTime: entry.when.toISOString() }, entry.when.toLocaleTimeString(undefined, { timeStyle: "short" })), cost, answer && details),
      body,
      quiet && element("p", { className: "only-you" }, "Only you can see this"),
    ),
  );
  retire(entry);
}

function select(entry, answer = entry.answer) {
  selected = entry;
  for (const one of entries) one.node.classList.toggle("selected", one === entry);
  inspect(answer);
  if (answer?.usage) refreshStorage();
}

function inspect(answer) {
  inspector.call(byId("panel-call"), answer, state?.provider?.limits);
}

// --- What the host tells ---

function heard(next) {
  const before = state;
  state = next;
  const { provider, project, build } = state;
  const name = provider?.name ?? project.name;
  document.title = `${name} · Playground`;
  byId("name").textContent = name;
  byId("about").textContent = provider ? `${provider.id} ${provider.version} · ${project.language}` : project.language;
  byId("avatar").textContent = initial(name);
  showBuild(build, state.recordings_problem);
  byId("welcome-text").textContent = provider
    ? "Type a command below. The answer appears here as members of Discord would see it."
    : "The first build is under way. Answers appear here as members of Discord would see them.";
  fill(byId("examples"), (provider?.examples ?? []).map(example));
  byId("network").value = state.network;
  showProvider();
  inspector.build(byId("panel-build"), state);
  line.refresh();
  entries.forEach(retire);
  const rebuilt = before?.provider && provider && before.provider.digest !== provider.digest;
  const last = entries.findLast((entry) => !entry.pressed);
  if (rebuilt && last && byId("again").checked) carryOut(last);
  if (rebuilt || before?.provider?.harness !== provider?.harness) refreshStorage();
}

/** Only where there is something new to show, as somebody may be typing there. */
function showProvider() {
  const { provider, recordings } = state;
  const said = JSON.stringify([provider, recordings]);
  if (said === shownProvider) return;
  shownProvider = said;
  inspector.provider(byId("panel-provider"), state, setSetting);
}

/** Gives a setting a value, and answers with what is wrong with it where something is. */
async function setSetting(name, value) {
  try {
    await ask("api/settings", { name, value });
    return undefined;
  } catch (error) {
    return error.message;
  }
}

const STATUS = { waiting: "Waiting for the first build", building: "Building", built: "Up to date", failed: "Build failed" };

function showBuild(build, recordingsProblem) {
  const pill = byId("build");
  const took = build.status === "built" && build.time_ms ? ` · ${(build.time_ms / 1000).toFixed(1)} s` : "";
  pill.dataset.status = build.status;
  pill.textContent = `${STATUS[build.status] ?? build.status}${took}`;
  const failed = build.problems.some((problem) => problem.level === "error") || build.status === "failed";
  byId("problems").hidden = !failed && !recordingsProblem;
  const serving = state.provider ? "The version before it goes on answering." : "There is no version yet that could answer.";
  const whole = element("button", { type: "button", className: "details" }, "Whole output");
  whole.addEventListener("click", () => byId("tab-build").click());
  fill(
    byId("problems"),
    failed && element("p", { className: "problems-head" }, element("strong", {}, "The build failed. "), serving, " ", whole),
    failed && (build.problems.length > 0 ? inspector.problems(build.problems) : element("pre", { className: "output" }, build.output)),
    recordingsProblem && element("p", {}, element("strong", {}, "The recordings can't be used. "), recordingsProblem),
  );
}

function example(text) {
  const button = element("button", { type: "button", className: "example" }, text);
  button.addEventListener("click", () => {
    line.write(text);
    line.submit();
  });
  return element("li", {}, button);
}

async function changeNetwork() {
  try {
    await ask("api/network", { network: byId("network").value });
  } catch (error) {
    byId("network").value = state.network;
    inspect({ error: error.message });
  }
}

/** Reads what is kept, where that is looked at. */
async function refreshStorage() {
  const panel = byId("panel-storage");
  if (panel.hidden) return;
  try {
    inspector.storage(panel, await ask("api/storage", asker()), forget);
  } catch (error) {
    fill(panel, element("p", { className: "notice-error" }, error.message));
  }
}

async function forget() {
  try {
    await ask("api/storage/clear", {});
    await refreshStorage();
  } catch (error) {
    byId("panel-storage").prepend(element("p", { className: "notice-error", role: "alert" }, error.message));
  }
}

function lost(forGood) {
  const pill = byId("build");
  pill.dataset.status = "lost";
  pill.textContent = forGood ? "Ended: open the address that is printed now" : "Disconnected";
}

function initial(name) {
  return [...name][0]?.toUpperCase() ?? "?";
}

// --- What is remembered between visits ---

function options(select, values) {
  fill(select, values.map(([value, label]) => element("option", { value }, label)));
}

const languages = new Intl.DisplayNames(["en"], { type: "language", languageDisplay: "standard" });
options(byId("member"), Array.from({ length: MEMBERS }, (_, index) => [index + 1, `Member ${index + 1}`]));
options(byId("locale"), LOCALES.split(" ").map((tag) => [tag, languages.of(tag)]));
byId("locale").value = "en-US";

const remembered = ["place", "member", "locale", "sensitive", "again"].map(byId);
try {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  for (const control of remembered) {
    const value = kept[control.id];
    if (value === undefined) continue;
    if (control.type === "checkbox") control.checked = value === true;
    else if ([...control.options].some((option) => option.value === value)) control.value = value;
  }
} catch {
  // What was kept is of no use; begin as new.
}
byId("composer").addEventListener("change", () => {
  const values = remembered.map((control) => [control.id, control.type === "checkbox" ? control.checked : control.value]);
  localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(values)));
  // What is kept is another member's, or another place's.
  refreshStorage();
});

byId("network").addEventListener("change", changeNetwork);
inspector.tabs((name) => name === "storage" && refreshStorage());
inspect(undefined);
follow(heard, lost);
