//! What a guest logs in one call: bounded in lines and length, and fit to be printed.

use std::fmt::Write as _;

use crate::capabilities::Log;
use crate::contract::log::Level;

/// Lines of one call; enough for a provider that says what it fetched, too few to flood a disk.
const LINES: u32 = 100;
/// Bytes of one line as it is written, so after escaping.
const LINE: usize = 2 << 10;

/// The log of one call.
#[derive(Default)]
pub(crate) struct Lines {
    written: u32,
    dropped: u32,
    /// The last line at level `error`, dropped or not: the SDK's panic hook writes one just before it traps.
    last_error: Option<String>,
}

impl Lines {
    pub(crate) fn write(&mut self, log: &dyn Log, level: Level, message: &str) {
        let fits = self.written < LINES;
        if !fits {
            self.dropped = self.dropped.saturating_add(1);
            if level != Level::Error {
                return;
            }
        }
        let line = printable(message);
        if fits {
            self.written += 1;
            log.write(level, &line);
        }
        if level == Level::Error {
            self.last_error = Some(line);
        }
    }

    /// At the end of a call: says how many lines were dropped, if any.
    pub(crate) fn close(&self, log: &dyn Log) {
        if self.dropped > 0 {
            log.write(Level::Warn, &format!("{} more lines were dropped: a call may log {LINES}", self.dropped));
        }
    }

    pub(crate) fn last_error(&self) -> Option<&str> {
        self.last_error.as_deref()
    }
}

/// Escapes control characters (a line stays one line, a terminal stays as it was) and cuts what is too long.
#[must_use]
pub fn printable(message: &str) -> String {
    const CUT: &str = "…";
    let mut line = String::with_capacity(message.len().min(LINE));
    for character in message.chars() {
        let before = line.len();
        // Not only ASCII's: U+202E and its like would turn what follows around.
        if character.is_control()
            || matches!(character, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            let _ = write!(line, "{}", character.escape_default());
        } else {
            line.push(character);
        }
        if line.len() > LINE - CUT.len() {
            line.truncate(before);
            line.push_str(CUT);
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<(Level, String)>>);

    impl Log for Kept {
        fn write(&self, level: Level, line: &str) {
            self.0.lock().unwrap().push((level, line.to_owned()));
        }
    }

    #[test]
    fn a_hundred_lines_are_written_and_the_rest_counted() {
        let (kept, mut lines) = (Kept::default(), Lines::default());
        for number in 0..103 {
            lines.write(&kept, Level::Info, &format!("line {number}"));
        }
        lines.close(&kept);
        let kept = kept.0.into_inner().unwrap();
        assert_eq!(kept.len(), 101);
        assert_eq!(kept[99].1, "line 99");
        assert_eq!(kept[100], (Level::Warn, "3 more lines were dropped: a call may log 100".to_owned()));
    }

    #[test]
    fn an_error_is_remembered_even_when_it_is_dropped() {
        let (kept, mut lines) = (Kept::default(), Lines::default());
        for _ in 0..200 {
            lines.write(&kept, Level::Info, "flood");
        }
        lines.write(&kept, Level::Error, "panicked at src/lib.rs:3:5:\nboom");
        assert_eq!(lines.last_error(), Some("panicked at src/lib.rs:3:5:\\nboom"));
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(printable("a\n\u{1b}[31mred\u{202e}é"), "a\\n\\u{1b}[31mred\\u{202e}é");
    }

    #[test]
    fn long_lines_are_cut_at_a_character() {
        for message in ["é".repeat(5_000), "\n".repeat(5_000), "x".repeat(5_000)] {
            let line = printable(&message);
            assert!(line.len() <= LINE && line.len() > LINE - 8, "{}", line.len());
            assert!(line.ends_with('…'));
        }
        assert_eq!(printable("short"), "short");
    }
}
