// The line that a command is typed into, with its list of proposals, as in Discord: arrows choose, Tab takes, Enter runs.

import { element, fill, byId } from "./element.js";
import { commandProposals, knownChoices, optionProposals, take, typing, valueProposals } from "./line.js";
import { ask } from "./server.js";

/** So long nobody typed before the provider is asked for its suggestions. */
const PAUSE = 120;
const MOST = 25;

/**
 * `commands` gives the commands of now, `asker` who asks; `run` is called with a line, and tells `said` what there is to
 * say about suggestions.
 */
export function composer({ commands, asker, run, said }) {
  const input = byId("line");
  const box = byId("proposals");
  const list = byId("proposals-list");
  const title = byId("proposals-title");
  const earlier = [];
  let recalled;
  let proposals = [];
  let chosen = -1;
  let waiting;
  let asking;

  function show(name, made) {
    proposals = made.slice(0, MOST);
    chosen = -1;
    title.textContent = name;
    fill(list, proposals.map(row));
    box.hidden = proposals.length === 0;
    input.setAttribute("aria-expanded", String(!box.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function row(proposal, index) {
    const made = element(
      "li",
      { id: `proposal-${index}`, role: "option", "aria-selected": "false" },
      element("span", { className: "proposal-label" }, proposal.label),
      element("span", { className: "proposal-hint" }, proposal.hint),
      element("span", { className: "proposal-note" }, proposal.note),
    );
    // Before the input loses the focus.
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      accept(index);
    });
    return made;
  }

  function choose(index) {
    chosen = index;
    [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    const one = list.children[chosen];
    if (one) input.setAttribute("aria-activedescendant", one.id);
    else input.removeAttribute("aria-activedescendant");
    one?.scrollIntoView({ block: "nearest" });
  }

  function accept(index) {
    const { line, caret } = take(input.value, proposals[index]);
    input.value = line;
    input.setSelectionRange(caret, caret);
    input.focus();
    propose();
  }

  function propose() {
    clearTimeout(waiting);
    asking?.abort();
    const line = input.value;
    const context = typing(line, input.selectionStart ?? line.length, commands());
    if (context.at === "command") {
      const made = commandProposals(context, line, commands());
      const whole = made.length === 1 && made[0].text === line;
      show("Commands", (line === "" && document.activeElement !== input) || whole ? [] : made);
    } else if (context.at === "options") {
      show("Options", optionProposals(context));
    } else if (context.at === "value") {
      const options = context.next.length > 0 ? optionProposals(context) : [];
      const known = valueProposals(context, knownChoices(context));
      show(context.option.description, [...known, ...options]);
      if (context.option.autocomplete) waiting = setTimeout(() => suggest(context, options), PAUSE);
    } else {
      show("", []);
    }
  }

  async function suggest(context, options) {
    asking = new AbortController();
    try {
      const line = input.value;
      const whole = line.slice(0, context.to) + (context.open ? '"' : "");
      const body = { line: whole, option: context.option.name, ...asker() };
      const answer = await ask("api/suggest", body, asking.signal);
      said(answer);
      if (input.value !== line) return;
      const choices = answer.choices.filter((choice) => String(choice.value) !== context.typed.trim());
      show(context.option.description, [...valueProposals(context, choices), ...options]);
    } catch (error) {
      if (error.name !== "AbortError") said({ error: error.message });
    }
  }

  function recall(step) {
    const next = (recalled ?? earlier.length) + step;
    if (next < 0 || next > earlier.length) return;
    recalled = next;
    input.value = earlier[next] ?? "";
    input.setSelectionRange(input.value.length, input.value.length);
    show("", []);
  }

  function submit() {
    const line = input.value.trim();
    if (!line) return;
    if (earlier.at(-1) !== line) earlier.push(line);
    recalled = undefined;
    show("", []);
    clearTimeout(waiting);
    asking?.abort();
    run(line);
    input.select();
  }

  function key(event) {
    const open = !box.hidden;
    const browsing = recalled !== undefined || input.value === "";
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.isComposing || !plain) return;
    if (event.key === "ArrowDown" && open && recalled === undefined) choose((chosen + 1) % proposals.length);
    else if (event.key === "ArrowUp" && open && chosen >= 0) choose(chosen === 0 ? proposals.length - 1 : chosen - 1);
    else if (event.key === "ArrowUp" && open && input.value !== "" && recalled === undefined) choose(proposals.length - 1);
    else if (event.key === "ArrowUp" && browsing) recall(-1);
    else if (event.key === "ArrowDown" && recalled !== undefined) recall(1);
    else if (event.key === "Tab" && open) accept(Math.max(chosen, 0));
    else if (event.key === "Enter" && open && (chosen >= 0 || unfinished())) accept(Math.max(chosen, 0));
    else if (event.key === "Escape" && open) show("", []);
    else return;
    event.preventDefault();
  }

  /** Whether the line has no command's whole name yet, so that Enter can only complete it. */
  function unfinished() {
    const context = typing(input.value, input.value.length, commands());
    return context.at === "command" && !commands().some((command) => `/${command.name}` === input.value.trim());
  }

  input.addEventListener("keydown", key);
  input.addEventListener("input", () => {
    recalled = undefined;
    propose();
  });
  input.addEventListener("click", propose);
  input.addEventListener("blur", () => show("", []));
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  return {
    /** Puts a line there, ready to be run or changed. */
    write(line) {
      input.value = line;
      input.focus();
    },
    submit,
    /** The commands changed, so what is proposed may have. */
    refresh() {
      if (!box.hidden) propose();
    },
  };
}
