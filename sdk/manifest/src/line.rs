//! A command as it is typed: `/quote topic:courage author:"Jane Austen"`.
//!
//! A value is quoted (`"`, with `\"` and `\\` inside) or runs on until the next `name:` of an option of that command. Where
//! an option has choices, a choice may be given by its value or by its label.

use std::{fmt, str::FromStr};

use crate::{
    Argument, ArgumentError, Choice, Command, CommandOption, InvalidText, Invocation, OptionKind, Value,
    text::{closest, cut, did_you_mean, use_one_of},
    value::expected,
};

/// The longest line, in characters: room for the longest text that Discord takes for one option, and for others beside it.
const LINE_MAX: usize = 8000;

/// A typed command, split into the command's name and the rest; what the rest means, only the command can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    text: String,
    name: String,
    /// Where the options begin in `text`, in bytes.
    options_at: usize,
}

impl CommandLine {
    /// Takes a line of at most 8,000 characters that begins with `/` and a name. Fails with what is wrong about it.
    pub fn parse(text: &str) -> Result<CommandLine, InvalidText> {
        let wrong = |allowed: &str| InvalidText::new(text, "a command", allowed);
        let text = text.trim();
        if text.chars().count() > LINE_MAX {
            return Err(wrong("use at most 8000 characters"));
        }
        let Some(line) = text.strip_prefix('/') else {
            return Err(wrong("begin with / and the command's name, such as \"/quote topic:courage\""));
        };
        let mut words = Vec::new();
        let mut rest = line;
        // The first word with a colon is an option already.
        while let (word, after) = split_word(rest)
            && !word.is_empty()
            && !word.contains(':')
        {
            words.push(word);
            rest = after;
        }
        if words.is_empty() || line.starts_with(char::is_whitespace) {
            return Err(wrong("give the command's name straight after /, such as \"/quote topic:courage\""));
        }
        let options_at = text.len() - rest.len();
        Ok(CommandLine { text: text.to_owned(), name: words.join(" "), options_at })
    }

    /// The words before the first option: "news", or "news top" for a subcommand.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Finds what the line's name means among these commands.
    ///
    /// # Errors
    /// [`ArgumentError::NoCommand`], or [`ArgumentError::Stray`] where text follows the name of a command without subcommands.
    pub fn invocation<'a>(
        &self,
        commands: impl IntoIterator<Item = &'a Command>,
    ) -> Result<Invocation<'a>, ArgumentError> {
        let mut names = Vec::new();
        for invocation in commands.into_iter().flat_map(Command::invocations) {
            let name = invocation.full_name();
            if name == self.name {
                return Ok(invocation);
            }
            let stray =
                self.name.strip_prefix(&name).filter(|stray| invocation.subcommand.is_none() && stray.starts_with(' '));
            if let Some(stray) = stray {
                return Err(ArgumentError::Stray {
                    command: name,
                    given: cut(stray.trim_start()),
                    allowed: invocation.allowed(),
                });
            }
            names.push(format!("/{name}"));
        }
        let given = format!("/{}", self.name);
        let meant = did_you_mean(&given, names.iter().map(String::as_str));
        let allowed = format!("{meant}{}", use_one_of(&names));
        Err(ArgumentError::NoCommand { given: cut(&self.name), allowed })
    }

    /// The line as it was typed, without the space around it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn options(&self) -> &str {
        self.text.get(self.options_at..).unwrap_or_default()
    }
}

impl FromStr for CommandLine {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<CommandLine, InvalidText> {
        CommandLine::parse(text)
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Invocation<'_> {
    /// The line's options as typed values, in the order they stand in, checked as [`Invocation::check`] does. The line's name is
    /// not looked at: find the invocation by it first.
    pub fn arguments(&self, line: &CommandLine) -> Result<Vec<Argument>, ArgumentError> {
        let mut arguments = Vec::new();
        self.each(line, None, |option, text| {
            arguments.push(Argument { name: option.name.clone(), value: option.read(text.filled(option)?)? });
            Ok(())
        })?;
        self.check(&arguments)?;
        Ok(arguments)
    }

    /// What stands in the line while the option `typing` is being typed: its text so far, which may be empty or missing, and
    /// those of the other options that can be read. Nothing is checked, as the line may be incomplete; the quote around what is
    /// being typed may be open yet.
    pub fn partial(&self, line: &CommandLine, typing: &str) -> Result<(String, Vec<Argument>), ArgumentError> {
        if self.option(typing).is_none() {
            return Err(self.unknown(typing));
        }
        let (mut typed, mut others) = (String::new(), Vec::new());
        self.each(line, Some(typing), |option, text| {
            if option.name.as_str() == typing {
                text.as_str().clone_into(&mut typed);
            } else if let Ok(value) = text.filled(option).and_then(|text| option.read(text)) {
                others.push(Argument { name: option.name.clone(), value });
            }
            Ok(())
        })?;
        Ok((typed, others))
    }

    /// Calls with each option of the line and its text; the quote around that of `typing` may be open.
    fn each<'s>(
        &'s self,
        line: &CommandLine,
        typing: Option<&str>,
        mut take: impl FnMut(&'s CommandOption, &Typed<'_>) -> Result<(), ArgumentError>,
    ) -> Result<(), ArgumentError> {
        let mut rest = line.options().trim_start();
        while !rest.is_empty() {
            let (option, after) = self.option_at(rest).ok_or_else(|| self.no_option_at(rest))?;
            let typed;
            (typed, rest) = if let Some(quoted) = after.strip_prefix('"') {
                let open = typing == Some(option.name.as_str());
                let (text, after) = unquote(option, quoted, open)?;
                (Typed::Quoted(text), after)
            } else {
                let (text, after) = self.split_value(after)?;
                (Typed::Plain(text), after)
            };
            take(option, &typed)?;
        }
        Ok(())
    }

    /// The option whose `name:` the text begins with, and what follows.
    fn option_at<'t>(&self, text: &'t str) -> Option<(&CommandOption, &'t str)> {
        self.options().iter().find_map(|option| {
            let after = text.strip_prefix(option.name.as_str())?.strip_prefix(':')?;
            Some((option, after))
        })
    }

    fn no_option_at(&self, text: &str) -> ArgumentError {
        let (word, _) = split_word(text);
        match word.split_once(':') {
            Some((name, _)) => self.unknown(name),
            None => ArgumentError::Stray { command: self.full_name(), given: cut(word), allowed: self.allowed() },
        }
    }

    /// An unquoted value, up to the next option. A word that looks like a mistyped option is refused rather than swallowed.
    fn split_value<'t>(&self, text: &'t str) -> Result<(&'t str, &'t str), ArgumentError> {
        let mut end = text.len();
        for (at, space) in text.match_indices(char::is_whitespace) {
            let next = text.get(at + space.len()..).unwrap_or_default();
            if next.starts_with(char::is_whitespace) {
                continue;
            }
            if self.option_at(next).is_some() {
                end = at;
                break;
            }
            let name = split_word(next).0.split_once(':').map_or("", |(name, _)| name);
            let names = self.options().iter().map(|option| option.name.as_str());
            if name.chars().count() >= 3 && closest(name, names).is_some() {
                return Err(self.unknown(name));
            }
        }
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        Ok((value.trim(), rest.trim_start()))
    }
}

/// An option's text in a line.
enum Typed<'t> {
    Plain(&'t str),
    Quoted(String),
}

impl Typed<'_> {
    fn as_str(&self) -> &str {
        match self {
            Typed::Plain(text) => text,
            Typed::Quoted(text) => text,
        }
    }

    /// The text; without quotes, there must be one.
    fn filled(&self, option: &CommandOption) -> Result<&str, ArgumentError> {
        match self {
            Typed::Plain("") => {
                Err(option.wrong(String::from("its value is empty"), String::from("leave it out or give one")))
            }
            typed => Ok(typed.as_str()),
        }
    }
}

/// The text up to the closing quote, and what follows the space after it.
fn unquote<'t>(option: &CommandOption, quoted: &'t str, open: bool) -> Result<(String, &'t str), ArgumentError> {
    let mut text = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                let rest = letters.as_str();
                if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
                    let problem = format!("{:?} follows the closing quote", cut(split_word(rest).0));
                    return Err(
                        option.wrong(problem, String::from("put a space there, and write a quote inside as \\\""))
                    );
                }
                return Ok((text, rest.trim_start()));
            }
            '\\' if letters.as_str().starts_with(['"', '\\']) => text.extend(letters.next()),
            _ => text.push(letter),
        }
    }
    if open {
        return Ok((text, ""));
    }
    Err(option.wrong(format!("the quote before {:?} is not closed", cut(quoted)), String::from("end the text with \"")))
}

/// The text up to the first space, and what follows that space.
fn split_word(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

impl CommandOption {
    /// A value of the option's kind from its text; whether it is in range is for [`CommandOption::check`] to say.
    fn read(&self, text: &str) -> Result<Value, ArgumentError> {
        let value = match &self.kind {
            OptionKind::Text { choices, .. } => {
                Some(Value::Text(chosen(choices, text, Some(text.to_owned())).unwrap_or_default()))
            }
            OptionKind::Integer { choices, .. } => chosen(choices, text, text.parse().ok()).map(Value::Integer),
            OptionKind::Number { choices, .. } => chosen(choices, text, text.parse().ok()).map(Value::Number),
            OptionKind::Boolean => text.parse().ok().map(Value::Boolean),
            OptionKind::User => id(text, &["<@!", "<@"]).map(Value::User),
            OptionKind::Channel => id(text, &["<#"]).map(Value::Channel),
            OptionKind::Role => id(text, &["<@&"]).map(Value::Role),
            OptionKind::Attachment => {
                let url = text.starts_with("https://") && !text.contains(char::is_whitespace);
                url.then(|| Value::Attachment(text.to_owned()))
            }
        };
        value.ok_or_else(|| {
            self.wrong(
                format!("{:?} is not of the kind {}", cut(text), self.kind.as_str()),
                format!("use {}", expected(&self.kind)),
            )
        })
    }
}

/// The text's own value, unless it is no choice's value but a choice's label.
fn chosen<T: Clone + PartialEq>(choices: &[Choice<T>], text: &str, value: Option<T>) -> Option<T> {
    if choices.iter().any(|choice| Some(&choice.value) == value.as_ref()) {
        return value;
    }
    choices.iter().find(|choice| choice.label == text).map(|choice| choice.value.clone()).or(value)
}

/// A Discord id: up to 20 digits, alone or within a mention.
fn id(text: &str, mentions: &[&str]) -> Option<String> {
    let inner = mentions.iter().find_map(|mention| text.strip_prefix(mention)?.strip_suffix('>')).unwrap_or(text);
    let plain = (1..=20).contains(&inner.len()) && inner.chars().all(|c| c.is_ascii_digit());
    plain.then(|| inner.to_owned())
}
