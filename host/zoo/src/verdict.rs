//! Whether a misdeed ended as it must.

use std::fmt;

use crate::case::{Case, End, Stage};
use crate::outside::CANARY;

/// What was seen of a misdeed.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// In the words of [`End::ends`].
    pub(crate) ended: String,
    /// What the refusal, the fault or the failure says.
    pub(crate) said: String,
    /// What the guest answered, as JSON.
    pub(crate) answer: String,
    /// What the member got: the notice's code, or `post`.
    pub(crate) member: Option<&'static str>,
    /// What the member sees, as JSON.
    pub(crate) shown: String,
    /// What the guest logged, as the operator reads it.
    pub(crate) logged: Vec<String>,
}

/// How one misdeed ended.
#[derive(Debug)]
pub struct Report {
    /// The case's name, and the argument where there are several.
    pub case: String,
    /// What it is written in.
    pub language: &'static str,
    /// Where it was met.
    stage: Stage,
    /// How it ended.
    pub ended: String,
    /// What the refusal, the fault or the failure says, or its beginning.
    said: String,
    /// Why the misdeed is bad.
    why: String,
    /// What is not as it must be; empty where all is well.
    pub wrong: Vec<String>,
}

/// The most that a line of a log, or what a call ended with, may have, in bytes: 2 KiB of the guest's, and some of the
/// host's.
const LINE: usize = (2 << 10) + 128;
/// Characters that are told of what may be megabytes.
const SHOWN: usize = 600;
/// Lines that a call may leave in the log, with the one that counts the rest.
const LINES: usize = 101;

impl Report {
    pub(crate) fn new(case: &Case, end: &End, seen: Seen) -> Report {
        let Seen { ended, said, answer, member, shown, logged } = seen;
        let mut wrong = Vec::new();
        let mut check = |good: bool, what: &dyn Fn() -> String| {
            if !good {
                wrong.push(what());
            }
        };
        check(ended == end.ends, &|| format!("it ended as `{ended}` instead of `{}`: {said}", end.ends));
        for part in &end.says {
            check(said.contains(part), &|| format!("`{part}` is not said, but `{}`", short(&said, SHOWN)));
        }
        // One that fails again and again is paused.
        let paused = end.member == "provider_failed" && member == Some("paused");
        check(end.member.is_empty() || paused || member == Some(end.member.as_str()), &|| {
            format!("the member got {member:?} instead of `{}`: {}", end.member, short(&shown, SHOWN))
        });
        for part in &end.shows {
            check(shown.contains(part), &|| format!("`{part}` is not shown, but {}", short(&shown, SHOWN)));
        }
        for part in &end.never {
            check(!shown.contains(part), &|| format!("`{part}` is shown: {}", short(&shown, SHOWN)));
            check(logged.iter().all(|line| !line.contains(part)), &|| format!("`{part}` is logged"));
        }
        for part in &end.saw {
            check(answer.contains(part), &|| {
                format!("the guest doesn't tell of `{part}`, but {}", short(&answer, SHOWN))
            });
        }
        for part in &end.never_saw {
            check(!answer.contains(part), &|| format!("the guest saw `{part}`: {}", short(&answer, SHOWN)));
        }
        for part in &end.logs {
            check(logged.iter().any(|line| line.contains(part)), &|| {
                format!("`{part}` is not among the logged {logged:?}")
            });
        }
        for (place, text) in [("the guest saw", &answer), ("a member sees", &shown), ("it is said", &said)] {
            check(!text.contains(CANARY), &|| format!("{place} a secret: {}", short(text, SHOWN)));
        }
        check(!logged.iter().any(|line| line.contains(CANARY)), &|| format!("a secret is logged: {logged:?}"));
        check(logged.len() <= LINES, &|| format!("{} lines are logged", logged.len()));
        // What is wrong with an argument is for the member alone.
        let told = (ended != "failure:invalid-argument").then_some(&said);
        for line in logged.iter().chain(told) {
            // What is wrong with a manifest may be a line for each error.
            let plain = case.expected.stage == Stage::Manifest || !line.chars().any(char::is_control);
            check(plain, &|| format!("control characters reach the operator: {line:?}"));
            check(line.len() <= LINE || case.expected.stage == Stage::Manifest, &|| {
                format!("a line has {} bytes", line.len())
            });
        }
        let case_name = end.how.as_ref().map_or_else(|| case.name.clone(), |how| format!("{} {how:?}", case.name));
        let why = case.expected.why.clone();
        let said = short(said.lines().next().unwrap_or_default(), 160);
        Report { case: case_name, language: case.language(), stage: case.expected.stage, ended, said, why, wrong }
    }
}

/// The beginning of what may be megabytes.
fn short(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((at, _)) => format!("{}… ({} bytes)", text.get(..at).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}

/// One line, and where something is wrong, one more for each.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { case, language, stage, ended, said, why, wrong } = self;
        let mark = if wrong.is_empty() { "good" } else { "BAD " };
        write!(f, "{mark} {case} ({language}, {stage:?}): {ended}")?;
        if !said.is_empty() {
            write!(f, ": {said}")?;
        }
        if !wrong.is_empty() {
            write!(f, "\n     {why}")?;
        }
        for wrong in wrong {
            write!(f, "\n     - {wrong}")?;
        }
        Ok(())
    }
}
