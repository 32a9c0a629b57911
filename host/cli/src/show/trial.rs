//! What came of a command that was tried, on a terminal: the message as near as it gets to how Discord shows it, and below it
//! what the provider did and cost.

use std::fmt::Write as _;

use autocontent_runtime::printable;
use autocontent_workshop::harness::{CallRecord, Ran, Shown, ShownButton};
use serde_json::Value;

/// Columns of a message's text.
const WIDTH: usize = 76;
/// The bar before an embed.
const BAR: &str = "▎";

/// How it is printed.
pub(crate) struct Paper {
    /// Whether it may be in colours.
    pub(crate) colours: bool,
}

impl Paper {
    /// The reply.
    pub(crate) fn reply(&self, shown: &Shown) -> String {
        let mut text = String::new();
        if shown.private {
            let _ = writeln!(text, "{}", self.faint("only the member sees this"));
        }
        for line in content(&shown.message).lines().flat_map(wrapped) {
            let _ = writeln!(text, "{line}");
        }
        for embed in list(&shown.message, "embeds") {
            text += &self.embed(embed);
        }
        for file in &shown.files {
            let _ =
                writeln!(text, "{}", self.faint(&format!("[{}, {} bytes of {}]", file.name, file.bytes, file.mime)));
        }
        let mut rest = shown.buttons.as_slice();
        for row in list(&shown.message, "components") {
            let (buttons, others) = rest.split_at_checked(list(row, "components").count()).unwrap_or((rest, &[]));
            rest = others;
            let buttons: Vec<_> = buttons.iter().map(|button| self.button(button)).collect();
            let _ = writeln!(text, "{}", buttons.join(" "));
        }
        text
    }

    /// What the provider did and cost; `size` is its component's, in bytes.
    pub(crate) fn report(&self, ran: &Ran, size: u64) -> String {
        let mut text = String::from("\n");
        for log in &ran.logs {
            let line = format!("log    {:5} {}", log.level, log.message);
            let urgent = matches!(log.level, "warn" | "error");
            let _ = writeln!(text, "{}", if urgent { self.loud(&line) } else { self.faint(&line) });
        }
        for fetch in &ran.fetches {
            let came = match (&fetch.status, &fetch.error) {
                (Some(status), _) if fetch.bytes == 1 => format!("{status}, 1 byte"),
                (Some(status), _) => format!("{status}, {} bytes", fetch.bytes),
                // What is nearest is told at the end.
                (None, Some(error)) if ran.missing.contains(error) => "not recorded".to_owned(),
                (None, error) => error.clone().unwrap_or_default(),
            };
            let line = format!("fetch  {} {} → {came}", fetch.method, fetch.url);
            let failed = fetch.status.is_none_or(|status| status >= 400);
            let _ = writeln!(text, "{}", if failed { self.loud(&line) } else { self.faint(&line) });
        }
        for reason in ran.calls.iter().filter_map(reason).filter(|_| ran.missing.is_empty()) {
            let _ = writeln!(text, "{}", self.loud(&format!("failed {reason}")));
        }
        let dropped = if ran.reply.code == Some("nothing_found") { found(ran) } else { 0 };
        if dropped > 0 {
            let why = "rated sensitive, which --sensitive allows, or against the contract: an id of 1 to 128 characters, a kind of \
                       the manifest's";
            let _ = writeln!(text, "{}", self.loud(&format!("hidden {dropped} found, and none may be shown: {why}")));
        }
        let usage = &ran.usage;
        let calls = match usage.calls {
            0 => {
                let _ = writeln!(text, "{}", self.faint("cost   none: the provider was not asked"));
                return text;
            }
            1 => format!("{} ms", milliseconds(usage.time_us)),
            calls => format!("{calls} calls, {} ms", milliseconds(usage.time_us)),
        };
        let cpu = if usage.cpu_ticks == 0 {
            "under 10 ms of CPU".to_owned()
        } else {
            format!("{} ms of CPU", usage.cpu_ticks * 10)
        };
        let memory = format!("{} KiB of memory", usage.memory_bytes.div_ceil(1 << 10));
        let line = format!("cost   {calls}, {cpu}, {memory}, component of {} KB", size.div_ceil(1_000));
        let _ = writeln!(text, "{}", self.faint(&line));
        text
    }

    /// What is of less weight.
    pub(crate) fn faint(&self, text: &str) -> String {
        self.painted("2", text)
    }

    fn loud(&self, text: &str) -> String {
        self.painted("33", text)
    }

    fn strong(&self, text: &str) -> String {
        self.painted("1", text)
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn embed(&self, embed: &Value) -> String {
        let mut lines = Vec::new();
        let text = |pointer: &str| embed.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        lines.extend(wrapped(text("/author/name")));
        lines.extend(wrapped(text("/title")).map(|line| self.strong(&line)));
        lines.extend(wrapped(text("/url")).map(|line| self.faint(&line)));
        lines.extend(text("/description").lines().flat_map(wrapped));
        for field in list(embed, "fields") {
            let part = |name: &str| field.get(name).and_then(Value::as_str).unwrap_or_default();
            let (name, value) = (part("name"), part("value"));
            let mut values = value.lines();
            lines.extend(wrapped(&format!("{name}: {}", values.next().unwrap_or_default())));
            lines.extend(values.flat_map(wrapped));
        }
        for (what, pointer) in [("picture", "/image/url"), ("small picture", "/thumbnail/url")] {
            if !text(pointer).is_empty() {
                lines.push(self.faint(&format!("[{what}: {}]", text(pointer))));
            }
        }
        let footer = [text("/footer/text"), text("/timestamp")];
        let footer = footer.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        lines.extend(wrapped(&footer).map(|line| self.faint(&line)));
        let bar = match embed.get("color").and_then(Value::as_u64).filter(|_| self.colours) {
            Some(colour) => {
                let [_, red, green, blue] = u32::try_from(colour).unwrap_or_default().to_be_bytes();
                self.painted(&format!("38;2;{red};{green};{blue}"), BAR)
            }
            None => BAR.to_owned(),
        };
        lines.iter().map(|line| format!("{bar} {line}\n")).collect()
    }

    fn button(&self, button: &ShownButton) -> String {
        let name = [button.emoji.unwrap_or_default(), &button.label].join(" ");
        self.strong(&format!("[{}]", name.trim()))
    }
}

fn content(message: &Value) -> &str {
    message.get("content").and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// Items that the provider answered with.
fn found(ran: &Ran) -> usize {
    let pages = ran.calls.iter().filter_map(|call| call.answer.pointer("/page/items")?.as_array());
    pages.map(Vec::len).sum()
}

/// Why a call brought nothing, in the provider's or the sandbox's words.
fn reason(call: &CallRecord) -> Option<String> {
    if let Some(fault) = call.answer.get("fault").and_then(Value::as_str) {
        return Some(fault.to_owned());
    }
    let failure = call.answer.get("failure")?.as_object()?;
    let (name, what) = failure.iter().next()?;
    Some(match what {
        Value::Bool(_) => name.clone(),
        Value::String(reason) => format!("{name}: {}", reason.escape_debug()),
        other => format!("{name}: {}", printable(&other.to_string())),
    })
}

fn milliseconds(micros: u64) -> String {
    format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
}

/// The words of a line on lines that fit; none for an empty one.
fn wrapped(line: &str) -> impl Iterator<Item = String> + use<> {
    let mut lines: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= WIDTH => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter()
}
