// A command as it is typed, and what could come next where the caret stands.
//
// A line is `/name option:value option:"a value"`. A value without quotes runs on to the next option, so that the words
// after it may be both: more of the value, or the beginning of an option's name.

/** The command that a line names, the longest where several fit: `news top` before `news`. */
export function commandOf(line, commands) {
  const text = line.slice(1);
  const fits = (command) => text === command.name || text.startsWith(`${command.name} `);
  return commands.filter(fits).sort((a, b) => b.name.length - a.name.length)[0];
}

/** The options that a line fills in, each with where its value begins and ends. */
export function filledIn(line, command) {
  const names = command.options.map((option) => option.name).sort((a, b) => b.length - a.length);
  const optionAt = (at) => names.find((name) => line.startsWith(`${name}:`, at));
  const blank = (at) => at < line.length && /\s/.test(line[at]);
  const filled = [];
  let at = 1 + command.name.length;
  while (at < line.length) {
    const name = blank(at - 1) ? optionAt(at) : undefined;
    if (!name) {
      at += 1;
      continue;
    }
    const from = at + name.length + 1;
    let to = from;
    if (line[from] === '"') {
      to += 1;
      while (to < line.length && line[to] !== '"') to += line[to] === "\\" ? 2 : 1;
      to = Math.min(to + 1, line.length);
    } else {
      while (to < line.length && !(blank(to) && optionAt(to + 1))) to += 1;
    }
    filled.push({ name, at, from, to });
    at = to + 1;
  }
  return filled;
}

/** A value as it has to be written in a line. */
export function written(value) {
  const text = String(value);
  const plain = text !== "" && text === text.trim() && !/^"|\s\S+:/.test(text);
  return plain ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** What stands in a line as a value, without its quotes. */
function read(text) {
  if (!text.startsWith('"')) return text;
  return text.slice(1).replace(/(?<!\\)"$/, "").replace(/\\(["\\])/g, "$1");
}

/**
 * What is being typed: `{ at: "command", typed, from, to }`, `{ at: "options", … }`, or
 * `{ at: "value", option, typed, from, to, … }`. `left` are the options that could be filled in next, `word` is where the
 * name of one would begin, and `open` tells of a quote that is not closed yet.
 */
export function typing(line, caret, commands) {
  const command = line.startsWith("/") ? commandOf(line, commands) : undefined;
  if (!command || caret <= command.name.length + 1) {
    const whole = line.startsWith("/") || line === "";
    return whole ? { at: "command", typed: line.slice(1, Math.max(caret, 1)), from: 0, to: line.length } : { at: "nothing" };
  }
  const filled = filledIn(line, command);
  const left = command.options.filter((option) => !filled.some((one) => one.name === option.name));
  const before = line.slice(0, caret);
  const word = before.search(/\S*$/);
  const next = left.filter((option) => option.name.startsWith(before.slice(word)));
  const now = filled.find((one) => one.from <= caret && caret <= one.to);
  if (!now) return { at: "options", command, next, word, to: caret };
  const option = command.options.find((one) => one.name === now.name);
  const typed = read(line.slice(now.from, caret));
  const quoted = line[now.from] === '"';
  const done = word > now.from && !quoted;
  const open = quoted && !/^"(?:\\.|[^"\\])*"$/.test(line.slice(now.from, now.to));
  return { at: "value", command, option, typed, open, from: now.from, to: now.to, left, next: done ? next : [], word, caret };
}

/** The line and the caret once a proposal is taken. */
export function take(line, proposal) {
  const text = line.slice(0, proposal.from) + proposal.text;
  return { line: text + line.slice(proposal.to), caret: text.length };
}

/** The commands that begin so, or have it in their name. */
export function commandProposals(context, line, commands) {
  const typed = context.typed.toLowerCase();
  const rank = (command) => command.name.indexOf(typed);
  const fitting = commands.filter((command) => rank(command) >= 0).sort((a, b) => rank(a) - rank(b));
  return fitting.map((command) => {
    const required = command.options.find((option) => option.required);
    const ending = required ? ` ${required.name}:` : command.options.length ? " " : "";
    return {
      label: `/${command.name}`,
      hint: command.description,
      note: command.options.map((option) => (option.required ? option.name : `${option.name}?`)).join("  "),
      text: `/${command.name}${ending}`,
      from: 0,
      to: line.length,
    };
  });
}

/** The options that can be filled in next. */
export function optionProposals(context) {
  return context.next.map((option) => ({
    label: `${option.name}:`,
    hint: option.description,
    note: option.required ? "required" : option.kind,
    text: `${option.name}:`,
    from: context.word,
    to: context.caret ?? context.to,
  }));
}

/** Values to choose from, as proposals for the option that is being typed. */
export function valueProposals(context, choices) {
  const more = context.left.length > 0 ? " " : "";
  return choices.map((choice) => ({
    label: choice.label,
    hint: choice.label === String(choice.value) ? "" : String(choice.value),
    note: "",
    text: written(choice.value) + more,
    from: context.from,
    to: context.to,
  }));
}

/** What the manifest itself says that an option takes, as far as it fits what is typed. */
export function knownChoices(context) {
  const { option } = context;
  const all = option.kind === "boolean" ? [true, false].map((value) => ({ label: String(value), value })) : option.choices;
  const typed = context.typed.trim().toLowerCase();
  const fits = (choice) => choice.label.toLowerCase().includes(typed) || String(choice.value).toLowerCase().includes(typed);
  // What is filled in already is no proposal.
  if (all.some((choice) => String(choice.value).toLowerCase() === typed)) return [];
  return all.filter(fits);
}
