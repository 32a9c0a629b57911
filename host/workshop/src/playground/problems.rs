//! What a build said, as a list of problems with their places.
//!
//! Each language's tools say it in their own way, so what is read here is what they have in common: a line that tells a
//! place, beside the line or below the line that tells the problem. What is not understood is in the whole output.

use std::path::Path;

use serde::Serialize;

/// More than so many help nobody.
const MOST: usize = 50;
/// Lines of a problem's detail.
const MOST_DETAIL: usize = 16;
/// How the names of files end that projects are made of.
const SOURCES: [&str; 13] = ["rs", "c", "h", "py", "js", "mjs", "cjs", "jsx", "ts", "mts", "tsx", "json", "toml"];

/// Something that is wrong with a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    level: Level,
    message: String,
    /// From the project's folder where it lies in there.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// The lines that the tool showed below it, such as the source with the place marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
}

#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    file: &'a str,
    line: Option<u32>,
    column: Option<u32>,
}

/// The problems that the output of a build tells, errors first.
pub(super) fn problems(output: &str, folder: &Path) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    // What was said without a place yet.
    let mut open: Option<(Level, String)> = None;
    let mut python = None;
    let mut detail = Detail::default();
    for line in output.lines() {
        let text = line.trim();
        detail.take(line, &mut found);
        if let Some((place, message)) = beside(line) {
            let (level, message) = headline(message).unwrap_or((Level::Error, message.to_owned()));
            found.push(problem(level, message, Some(&place), folder));
            open = None;
            detail = Detail::begin();
        } else if let Some(place) = below(text) {
            if let Some((level, message)) = open.take() {
                found.push(problem(level, message, Some(&place), folder));
                detail = Detail::begin();
            }
        } else if let Some(place) = in_python(text) {
            // The innermost place stands last, and what happened there below all of them.
            python = Some(place);
        } else if let Some(place) = python.take_if(|_| is_exception(line)) {
            found.push(problem(Level::Error, text.to_owned(), Some(&place), folder));
        } else if let Some((level, message)) = headline(text) {
            close(&mut found, open.replace((level, message)), folder);
        }
    }
    close(&mut found, open, folder);
    // A sum says nothing beside what it sums up, nor alone: what was said is in the output.
    found.retain(|problem| problem.file.is_some() || !is_sum(&problem.message));
    found.sort_by_key(|problem| problem.level != Level::Error);
    found.truncate(MOST);
    found
}

impl Problem {
    /// Whether the build can have gone well in spite of it.
    pub(super) fn is_warning(&self) -> bool {
        self.level == Level::Warning
    }
}

/// Whether lines belong to the problem that was found last.
#[derive(Default)]
struct Detail {
    lines: usize,
}

impl Detail {
    fn begin() -> Detail {
        Detail { lines: MOST_DETAIL }
    }

    fn take(&mut self, line: &str, found: &mut [Problem]) {
        let text = line.trim();
        if text.is_empty() || headline(text).is_some() || beside(line).is_some() {
            self.lines = 0;
        }
        if self.lines > 0
            && let Some(problem) = found.last_mut()
        {
            self.lines -= 1;
            let detail = problem.detail.get_or_insert_default();
            if !detail.is_empty() {
                detail.push('\n');
            }
            detail.push_str(line.trim_end());
        }
    }
}

fn close(found: &mut Vec<Problem>, open: Option<(Level, String)>, folder: &Path) {
    // A warning without a place is the tools' own affair.
    if let Some((Level::Error, message)) = open {
        found.push(problem(Level::Error, message, None, folder));
    }
}

fn problem(level: Level, message: String, place: Option<&Place<'_>>, folder: &Path) -> Problem {
    let inside = |file: &str| {
        Path::new(file).strip_prefix(folder).map_or_else(|_| file.to_owned(), |file| file.display().to_string())
    };
    Problem {
        level,
        message,
        file: place.map(|place| inside(place.file)),
        line: place.and_then(|place| place.line),
        column: place.and_then(|place| place.column),
        detail: None,
    }
}

/// `src/main.c:3:5: error: …`, `provider.toml:14:8: …`, `src/main.py:2: …` and `src/main.js: …`
fn beside(line: &str) -> Option<(Place<'_>, &str)> {
    let text = line.trim();
    let (place, message) = text.strip_prefix("autocontent: ").unwrap_or(text).split_once(": ")?;
    let place = place_of(place).unwrap_or(Place { file: place, line: None, column: None });
    // What has no column could be anything that has a colon.
    let is_meant = place.column.is_some() || (is_source(place.file) && !line.starts_with(char::is_whitespace));
    (is_meant && !message.starts_with("note:")).then_some((place, message))
}

/// Whether it is the name of a file that projects are made of.
fn is_source(file: &str) -> bool {
    let kind = Path::new(file).extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    !file.contains([' ', '\t', '"', '`', '(']) && SOURCES.contains(&kind)
}

/// ` --> src/lib.rs:3:5` as Rust has it, `at file:///x/provider.js:3:5` and `at find (provider.js:3:5)` as JavaScript.
fn below(text: &str) -> Option<Place<'_>> {
    if let Some(place) = text.strip_prefix("--> ") {
        return place_of(place);
    }
    let place = text.strip_prefix("at ")?;
    let place = place.rsplit_once('(').map_or(place, |(_, place)| place.trim_end_matches(')'));
    place_of(place.strip_prefix("file://").unwrap_or(place))
}

/// `File "provider.py", line 3, in find`
fn in_python(text: &str) -> Option<Place<'_>> {
    let (file, rest) = text.strip_prefix("File \"")?.split_once("\", line ")?;
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    Some(Place { file, line: Some(digits.parse().ok()?), column: None })
}

/// `NameError: name 'x' is not defined`, at the beginning of a line.
fn is_exception(line: &str) -> bool {
    let name = line.split([':', '(']).next().unwrap_or_default();
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_'))
        && ["Error", "Exception", "Exit", "Interrupt"].iter().any(|ending| name.ends_with(ending))
}

/// `file:3:5`
fn place_of(text: &str) -> Option<Place<'_>> {
    let (rest, last) = text.rsplit_once(':')?;
    let last = last.parse().ok()?;
    let (file, line, column) = match rest.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?))) {
        Some((file, line)) => (file, line, Some(last)),
        None => (rest, last, None),
    };
    let is_file = !file.is_empty() && !file.contains([' ', '\t', '"']) && file.contains(['.', '/']);
    is_file.then_some(Place { file, line: Some(line), column })
}

/// `error[E0308]: mismatched types`, `warning: unused variable`, `wasm-ld: error: …`, `autocontent: …`
fn headline(text: &str) -> Option<(Level, String)> {
    let (kind, message) = text.split_once(": ")?;
    // Some say first who they are, with their version.
    if ["wasm-ld", "clang"].iter().any(|tool| kind.starts_with(tool)) {
        return headline(message);
    }
    let kind = kind.strip_prefix("fatal ").unwrap_or(kind);
    let (word, code) = kind.split_once('[').map_or((kind, None), |(word, code)| (word, code.strip_suffix(']')));
    let level = match word {
        "error" | "Error" | "TypeError" | "SyntaxError" | "ReferenceError" | "autocontent" => Level::Error,
        "warning" | "SyntaxWarning" | "DeprecationWarning" => Level::Warning,
        _ => return None,
    };
    let message = message.strip_prefix("error: ").unwrap_or(message);
    Some((level, code.map_or_else(|| message.to_owned(), |code| format!("{message} [{code}]"))))
}

fn is_sum(message: &str) -> bool {
    let begins = ["could not compile", "aborting due to", "linker command failed", "build failed"];
    begins.iter().any(|beginning| message.starts_with(beginning)) || message.ends_with("the reason stands above")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(output: &str) -> Vec<(Level, String, String)> {
        let folder = Path::new("/home/author/news");
        let place = |problem: &Problem| {
            let numbers = [problem.line, problem.column].into_iter().flatten().map(|number| format!(":{number}"));
            format!("{}{}", problem.file.clone().unwrap_or_default(), numbers.collect::<String>())
        };
        let all = problems(output, folder).into_iter();
        all.map(|problem| (problem.level, place(&problem), problem.message)).collect()
    }

    fn error(place: &str, message: &str) -> (Level, String, String) {
        (Level::Error, place.to_owned(), message.to_owned())
    }

    #[test]
    fn what_rustc_says_has_its_places_and_errors_come_first() {
        let output = "\
   Compiling news v0.1.0 (/home/author/news)
warning: unused variable: `x`
  --> src/lib.rs:9:13
   |
9  |         let x = 1;
   |             ^ help: if this is intentional, prefix it with an underscore: `_x`

error[E0308]: mismatched types
  --> /home/author/news/src/lib.rs:12:5
   |
12 |     1
   |     ^ expected `Result<Page, Failure>`, found integer

error: could not compile `news` (lib) due to 1 previous error; 1 warning emitted
autocontent: `cargo build` failed (exit status: 101); the reason stands above
";
        let detail = problems(output, Path::new("/home/author/news")).swap_remove(0).detail.unwrap();
        assert!(detail.ends_with("^ expected `Result<Page, Failure>`, found integer"), "{detail}");
        let warning = (Level::Warning, "src/lib.rs:9:13".to_owned(), "unused variable: `x`".to_owned());
        assert_eq!(told(output), [error("src/lib.rs:12:5", "mismatched types [E0308]"), warning]);
    }

    #[test]
    fn every_problem_of_a_manifest_has_its_place() {
        let output = "autocontent: provider.toml:3:1: provider.idd: unknown key; use id\nprovider.toml:14:8: command.option.kind: \"txt\" is not a kind of option; use text\n";
        let expected = [
            error("provider.toml:3:1", "provider.idd: unknown key; use id"),
            error("provider.toml:14:8", "command.option.kind: \"txt\" is not a kind of option; use text"),
        ];
        assert_eq!(told(output.trim_start_matches("autocontent: ")), expected);
        assert_eq!(told(output), expected);
    }

    #[test]
    fn what_clang_javascript_and_python_say_has_its_places() {
        assert_eq!(
            told("src/provider.c:7:3: error: use of undeclared identifier 'x'\nsrc/provider.c:2:1: note: here\n"),
            [error("src/provider.c:7:3", "use of undeclared identifier 'x'")]
        );
        assert_eq!(
            told(
                "SyntaxError: Unexpected token '}'\n    at file:///home/author/news/src/provider.js:4:1\n    at async link (node:internal/x:1:1)\n"
            ),
            [error("src/provider.js:4:1", "Unexpected token '}'")]
        );
        let python = "Traceback (most recent call last):\n  File \"/usr/lib/x.py\", line 3, in run\n  File \"/home/author/news/provider.py\", line 8, in find\n    y\nNameError: name 'y' is not defined\n";
        assert_eq!(told(python), [error("provider.py:8", "NameError: name 'y' is not defined")]);
    }

    #[test]
    fn what_has_no_column_or_no_line_has_its_file() {
        // As sdk/python's check and sdk/javascript's build say it.
        let sum = "autocontent: `python check.py` failed (exit status: 1); the reason stands above\n";
        let python = format!(
            "src/main.py:2: SyntaxError: '(' was never closed\n    print(\n         ^\nsrc/other.py: ValueError: source code string cannot contain null bytes\n\n{sum}"
        );
        assert_eq!(
            told(&python),
            [
                error("src/main.py:2", "'(' was never closed"),
                error("src/other.py", "ValueError: source code string cannot contain null bytes"),
            ]
        );
        let first = problems(&python, Path::new("/")).swap_remove(0);
        assert_eq!(first.detail.as_deref(), Some("    print(\n         ^"));
        for (text, place, message) in [
            (
                "src/main.js: the default export is no provider; write: export default provider({ find(request) { … } })",
                "src/main.js",
                "the default export is no provider; write: export default provider({ find(request) { … } })",
            ),
            ("src/main.js:3:9: ReferenceError: x is not defined", "src/main.js:3:9", "x is not defined"),
            ("package.json: \"main\" must name the file", "package.json", "\"main\" must name the file"),
            (
                "wasm-ld-14: error: .autocontent/build/src-news.o: undefined symbol: strlen\nclang: error: linker command failed with exit code 1 (use -v to see invocation)",
                "",
                ".autocontent/build/src-news.o: undefined symbol: strlen",
            ),
        ] {
            assert_eq!(told(&format!("{text}\n{sum}")), [error(place, message)], "{text}");
        }
        let warned = told("src/main.py:3: SyntaxWarning: invalid escape sequence '\\d'\n");
        assert_eq!(warned[0].0, Level::Warning, "{warned:?}");
    }

    #[test]
    fn where_only_a_sum_was_understood_the_output_has_to_tell() {
        let sum = "autocontent: `python check.py` failed (exit status: 1); the reason stands above\n";
        assert_eq!(told(&format!("there is no src/main.py: the build begins from it\n{sum}")), []);
    }

    #[test]
    fn what_has_no_place_is_told_without_and_the_rest_is_left_out() {
        let output = "autocontent: a provider in Rust is built by cargo, which is not on PATH; install Rust\nat last: done\n12:30:59 ok\n";
        assert_eq!(
            told(output),
            [error("", "a provider in Rust is built by cargo, which is not on PATH; install Rust")]
        );
        assert_eq!(told(""), []);
    }
}
