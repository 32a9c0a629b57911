//! For the build scripts of providers whose content stands in a file beside provider.toml: they turn it into static Rust, so
//! that nothing is parsed when a member asks, and every flaw of the file fails the build with the id of the entry that has it.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Characters of an entry's id, which is part of an item's.
const ID: RangeInclusive<usize> = 3..=64;

/// What is wrong, a sentence each that begins with the file's name.
pub type Flawed = Vec<String>;

/// Ends a build script: writes the Rust that `convert` makes of the content file `from` to `to` in the build's folder, or fails
/// the build with what is wrong.
pub fn run(from: &str, to: &str, convert: impl FnOnce() -> Result<String, Flawed>) -> ExitCode {
    println!("cargo::rerun-if-changed={from}");
    println!("cargo::rerun-if-changed=provider.toml");
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    let write = |rust| fs::write(Path::new(&folder).join(to), rust).map_err(|error| vec![format!("{to}: {error}")]);
    match convert().and_then(write) {
        Ok(()) => ExitCode::SUCCESS,
        Err(flaws) => {
            for flaw in flaws {
                println!("cargo::error={}", flaw.replace('\n', " "));
            }
            ExitCode::FAILURE
        }
    }
}

/// A file of TOML beside provider.toml.
///
/// # Errors
///
/// Where it can't be read or is of another shape.
pub fn read<T: DeserializeOwned>(file: &str) -> Result<T, Flawed> {
    let flawed = |error: &dyn std::fmt::Display| vec![format!("{file}: {error}")];
    let text = fs::read_to_string(file).map_err(|error| flawed(&error))?;
    toml::from_str(&text).map_err(|error| flawed(&error))
}

/// The choices of the only command's option `name` in provider.toml, in its order.
///
/// # Errors
///
/// Those of [`read`].
pub fn choices(name: &str) -> Result<Vec<String>, Flawed> {
    #[derive(Deserialize)]
    struct Manifest {
        command: [Command; 1],
    }
    #[derive(Deserialize)]
    struct Command {
        option: Vec<CommandOption>,
    }
    #[derive(Deserialize)]
    struct CommandOption {
        name: String,
        #[serde(default)]
        choices: Vec<Choice>,
    }
    #[derive(Deserialize)]
    struct Choice {
        value: String,
    }

    let Manifest { command: [command] } = read("provider.toml")?;
    let options = command.option.into_iter().filter(|option| option.name == name);
    Ok(options.flat_map(|option| option.choices).map(|choice| choice.value).collect())
}

/// The flaws of a content file that were found so far.
#[derive(Debug)]
pub struct Flaws {
    file: &'static str,
    found: Flawed,
    ids: HashSet<String>,
}

impl Flaws {
    /// None yet.
    pub fn of(file: &'static str) -> Flaws {
        Flaws { file, found: Vec::new(), ids: HashSet::new() }
    }

    /// Begins with an entry, whose id must be one and its own.
    pub fn entry<'a>(&'a mut self, id: &'a str) -> Entry<'a> {
        let is_own = self.ids.insert(id.to_owned());
        let mut entry = Entry { id, flaws: self };
        let slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        let (least, most) = ID.into_inner();
        let is_id = ID.contains(&id.len()) && id.chars().all(slug);
        entry.check(is_id, &format!("an id is {least} to {most} of a-z, 0-9 and -"));
        entry.check(is_own, "the id is not unique");
        entry
    }

    /// Notes a flaw of the whole file unless it is `good`.
    pub fn check(&mut self, good: bool, flaw: &str) {
        if !good {
            self.found.push(format!("{}: {flaw}", self.file));
        }
    }

    /// Ends the checks.
    ///
    /// # Errors
    ///
    /// Where there is a flaw.
    pub fn none(self) -> Result<(), Flawed> {
        if self.found.is_empty() { Ok(()) } else { Err(self.found) }
    }
}

/// An entry that is being checked.
#[derive(Debug)]
pub struct Entry<'a> {
    id: &'a str,
    flaws: &'a mut Flaws,
}

impl Entry<'_> {
    /// Notes a flaw unless it is `good`.
    pub fn check(&mut self, good: bool, flaw: &str) {
        let id = self.id;
        self.flaws.check(good, &format!("{id}: {flaw}"));
    }

    /// Checks a text's length in characters, and that no white space is around it.
    pub fn text(&mut self, field: &str, text: &str, length: &RangeInclusive<usize>) {
        let good = length.contains(&text.chars().count()) && text.trim() == text;
        let (least, most) = (length.start(), length.end());
        self.check(good, &format!("{field} has not {least} to {most} characters without spaces around"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flaw_names_the_file_and_the_entry() {
        let mut flaws = Flaws::of("facts.toml");
        flaws.entry("a-fact").text("en", "Short.", &(1..=10));
        let mut entry = flaws.entry("a-fact");
        entry.text("en", " Spaces ", &(1..=10));
        entry.check(false, "there is no such topic");
        flaws.entry("Å");
        flaws.check(false, "there are 3 facts; 150 is the least");
        assert_eq!(
            flaws.none().unwrap_err(),
            [
                "facts.toml: a-fact: the id is not unique",
                "facts.toml: a-fact: en has not 1 to 10 characters without spaces around",
                "facts.toml: a-fact: there is no such topic",
                "facts.toml: Å: an id is 3 to 64 of a-z, 0-9 and -",
                "facts.toml: there are 3 facts; 150 is the least",
            ]
        );
        assert_eq!(Flaws::of("facts.toml").none(), Ok(()));
    }
}
