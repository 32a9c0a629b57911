//! Slash commands: what they are called, what they take, and where they may be used.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{CommandName, Context, Description, Locale, OptionName};

/// The largest number that Discord takes for an option: 2^53.
pub(crate) const NUMBER_MAX: f64 = 9_007_199_254_740_992.0;
/// The largest whole number that Discord takes for an option: 2^53 − 1; the smallest is its negative.
pub(crate) const INTEGER_MAX: i64 = 9_007_199_254_740_991;
/// The longest text that Discord takes for an option, in characters.
pub(crate) const TEXT_MAX: u16 = 6000;
/// How long a member waits between two uses of a command that does not say.
pub(crate) const COOLDOWN: Duration = Duration::from_secs(3);

/// A slash command. It has options or subcommands, never both.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// What members type, unique in the manifest and in every locale.
    pub name: CommandName,
    /// Shown beside the name.
    pub description: Description,
    /// The name in other languages.
    pub names: BTreeMap<Locale, CommandName>,
    /// The description in other languages.
    pub descriptions: BTreeMap<Locale, Description>,
    /// Where it may be used, at least one place; all where the manifest does not say.
    pub contexts: BTreeSet<Context>,
    /// Whether it is only for age-restricted channels.
    pub sensitive: bool,
    /// How long a member waits between two uses; 3 s where the manifest does not say, at most 1 h.
    pub cooldown: Duration,
    /// What it takes, at most 25, the required ones first.
    pub options: Vec<CommandOption>,
    /// What it does, at most 25.
    pub subcommands: Vec<Subcommand>,
}

/// A second word of a command, such as "top" in `/news top`.
#[derive(Debug, Clone, PartialEq)]
pub struct Subcommand {
    /// What members type after the command's name.
    pub name: CommandName,
    /// Shown beside the name.
    pub description: Description,
    /// The name in other languages.
    pub names: BTreeMap<Locale, CommandName>,
    /// The description in other languages.
    pub descriptions: BTreeMap<Locale, Description>,
    /// What it takes, at most 25, the required ones first.
    pub options: Vec<CommandOption>,
}

/// Something that a member may or must fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandOption {
    /// Unique in its command or subcommand and in every locale.
    pub name: OptionName,
    /// Shown while it is filled in.
    pub description: Description,
    /// The name in other languages.
    pub names: BTreeMap<Locale, OptionName>,
    /// The description in other languages.
    pub descriptions: BTreeMap<Locale, Description>,
    /// Whether the command can't be used without it.
    pub required: bool,
    /// What it takes.
    pub kind: OptionKind,
}

/// What an option takes. `choices` and `autocomplete` exclude each other.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionKind {
    /// Text; lengths are counted in characters.
    Text {
        /// 0 to 6,000.
        min_length: Option<u16>,
        /// 1 to 6,000.
        max_length: Option<u16>,
        /// At most 25; if there are any, nothing else is taken. Values have at most 100 characters.
        choices: Vec<Choice<String>>,
        /// Whether the provider's `suggest` completes what is typed.
        autocomplete: bool,
    },
    /// A whole number within ±(2^53 − 1).
    Integer {
        /// The smallest that is taken.
        min: Option<i64>,
        /// The largest that is taken.
        max: Option<i64>,
        /// At most 25; if there are any, nothing else is taken.
        choices: Vec<Choice<i64>>,
        /// Whether the provider's `suggest` completes what is typed.
        autocomplete: bool,
    },
    /// A finite number within ±2^53.
    Number {
        /// The smallest that is taken.
        min: Option<f64>,
        /// The largest that is taken.
        max: Option<f64>,
        /// At most 25; if there are any, nothing else is taken.
        choices: Vec<Choice<f64>>,
        /// Whether the provider's `suggest` completes what is typed.
        autocomplete: bool,
    },
    /// True or false.
    Boolean,
    /// A member or other user.
    User,
    /// A channel.
    Channel,
    /// A role.
    Role,
    /// A file that the member uploads.
    Attachment,
}

impl OptionKind {
    /// The words for the kinds in provider.toml.
    pub const WORDS: [&'static str; 8] =
        ["text", "integer", "number", "boolean", "user", "channel", "role", "attachment"];

    /// The word for this kind in provider.toml.
    pub fn as_str(&self) -> &'static str {
        match self {
            OptionKind::Text { .. } => "text",
            OptionKind::Integer { .. } => "integer",
            OptionKind::Number { .. } => "number",
            OptionKind::Boolean => "boolean",
            OptionKind::User => "user",
            OptionKind::Channel => "channel",
            OptionKind::Role => "role",
            OptionKind::Attachment => "attachment",
        }
    }

    /// Whether the provider's `suggest` completes what is typed.
    pub fn autocomplete(&self) -> bool {
        match self {
            OptionKind::Text { autocomplete, .. }
            | OptionKind::Integer { autocomplete, .. }
            | OptionKind::Number { autocomplete, .. } => *autocomplete,
            OptionKind::Boolean
            | OptionKind::User
            | OptionKind::Channel
            | OptionKind::Role
            | OptionKind::Attachment => false,
        }
    }
}

/// One of the values that an option takes, and what members see for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<T> {
    /// What members see, 1 to 100 characters; unique in its option and in every locale.
    pub label: String,
    /// The label in other languages.
    pub labels: BTreeMap<Locale, String>,
    /// What the provider gets; unique in its option.
    pub value: T,
}

/// A command as it can be used: with its subcommand where it has any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Invocation<'a> {
    /// The command.
    pub command: &'a Command,
    /// Its subcommand; `None` exactly where the command has none.
    pub subcommand: Option<&'a Subcommand>,
}

impl<'a> Invocation<'a> {
    /// The options that may be filled in.
    pub fn options(&self) -> &'a [CommandOption] {
        self.subcommand.map_or(&self.command.options, |subcommand| &subcommand.options)
    }

    /// The option of that name.
    pub fn option(&self, name: &str) -> Option<&'a CommandOption> {
        self.options().iter().find(|option| option.name.as_str() == name)
    }

    /// "news", or "news top" for a subcommand, as requests carry it.
    pub fn full_name(&self) -> String {
        match self.subcommand {
            Some(subcommand) => format!("{} {}", self.command.name, subcommand.name),
            None => self.command.name.to_string(),
        }
    }
}

impl Command {
    /// Every way to use the command: itself, or each of its subcommands.
    pub fn invocations(&self) -> impl Iterator<Item = Invocation<'_>> {
        let alone = self.subcommands.is_empty().then_some(Invocation { command: self, subcommand: None });
        let below =
            self.subcommands.iter().map(|subcommand| Invocation { command: self, subcommand: Some(subcommand) });
        alone.into_iter().chain(below)
    }
}
