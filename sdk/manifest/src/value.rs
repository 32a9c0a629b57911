//! The values of a command's options, and whether an option takes them.

use std::fmt;

use crate::{
    Choice, CommandOption, Invocation, OptionKind, OptionName,
    command::{INTEGER_MAX, NUMBER_MAX, TEXT_MAX},
    setting::range,
    text::{cut, did_you_mean, list},
};

/// What an option is filled in with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// For kind text.
    Text(String),
    /// For kind integer.
    Integer(i64),
    /// For kind number.
    Number(f64),
    /// For kind boolean.
    Boolean(bool),
    /// For kind user: an id.
    User(String),
    /// For kind channel: an id.
    Channel(String),
    /// For kind role: an id.
    Role(String),
    /// For kind attachment: the file's URL.
    Attachment(String),
}

/// An option that is filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The option's name.
    pub name: OptionName,
    /// What it is filled in with.
    pub value: Value,
}

/// A command that there is not, or options that are not filled in as it asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArgumentError {
    /// There is no such command, or it needs a subcommand.
    NoCommand {
        /// The name as given.
        given: String,
        /// Which commands there are, and which was probably meant.
        allowed: String,
    },
    /// There is no such option.
    Unknown {
        /// The command's full name.
        command: String,
        /// What was taken for an option's name.
        given: String,
        /// Which options there are, and which was probably meant.
        allowed: String,
    },
    /// A text stands where an option should begin.
    Stray {
        /// The command's full name.
        command: String,
        /// The text.
        given: String,
        /// Which options there are.
        allowed: String,
    },
    /// A required option is not filled in.
    Missing {
        /// The command's full name.
        command: String,
        /// The option.
        option: OptionName,
        /// The option's description.
        description: String,
    },
    /// An option is filled in more than once.
    Repeated {
        /// The option.
        option: OptionName,
    },
    /// An option is filled in with what it does not take.
    Wrong {
        /// The option.
        option: OptionName,
        /// What is wrong, with the value.
        problem: String,
        /// What to do instead.
        allowed: String,
    },
}

impl ArgumentError {
    /// What is wrong, with the value.
    pub fn problem(&self) -> String {
        match self {
            ArgumentError::NoCommand { given, .. } => format!("there is no command /{given}"),
            ArgumentError::Unknown { command, given, .. } => format!("/{command} has no option {given:?}"),
            ArgumentError::Stray { command, given, .. } => format!("/{command}: {given:?} belongs to no option"),
            ArgumentError::Missing { command, option, .. } => format!("/{command} needs the option {option}"),
            ArgumentError::Repeated { option } => format!("the option {option} is filled in twice"),
            ArgumentError::Wrong { option, problem, .. } => format!("the option {option}: {problem}"),
        }
    }

    /// What to do instead.
    pub fn allowed(&self) -> String {
        match self {
            ArgumentError::NoCommand { allowed, .. }
            | ArgumentError::Unknown { allowed, .. }
            | ArgumentError::Stray { allowed, .. }
            | ArgumentError::Wrong { allowed, .. } => allowed.clone(),
            ArgumentError::Missing { option, description, .. } => format!("add {option}: ({description})"),
            ArgumentError::Repeated { option } => format!("do so once, and quote a text that contains \"{option}:\""),
        }
    }
}

impl std::error::Error for ArgumentError {}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem(), self.allowed())
    }
}

impl Value {
    /// The word for the kind of option that takes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::Integer(_) => "integer",
            Value::Number(_) => "number",
            Value::Boolean(_) => "boolean",
            Value::User(_) => "user",
            Value::Channel(_) => "channel",
            Value::Role(_) => "role",
            Value::Attachment(_) => "attachment",
        }
    }
}

impl Invocation<'_> {
    /// Whether each argument fits an option, none is given twice and no required one is missing.
    pub fn check(&self, arguments: &[Argument]) -> Result<(), ArgumentError> {
        for (index, argument) in arguments.iter().enumerate() {
            let option = self.option(argument.name.as_str()).ok_or_else(|| self.unknown(argument.name.as_str()))?;
            if arguments.iter().take(index).any(|earlier| earlier.name == argument.name) {
                return Err(ArgumentError::Repeated { option: option.name.clone() });
            }
            option.check(&argument.value)?;
        }
        let missing =
            |option: &&CommandOption| option.required && !arguments.iter().any(|argument| argument.name == option.name);
        match self.options().iter().find(missing) {
            Some(option) => Err(ArgumentError::Missing {
                command: self.full_name(),
                option: option.name.clone(),
                description: option.description.to_string(),
            }),
            None => Ok(()),
        }
    }

    pub(crate) fn unknown(&self, given: &str) -> ArgumentError {
        let names = self.options().iter().map(|option| option.name.as_str());
        let allowed = format!("{}{}", did_you_mean(given, names), self.allowed());
        ArgumentError::Unknown { command: self.full_name(), given: cut(given), allowed }
    }

    /// "use a: or b:"
    pub(crate) fn allowed(&self) -> String {
        let names: Vec<String> = self.options().iter().map(|option| format!("{}:", option.name)).collect();
        if names.is_empty() { String::from("it takes none") } else { format!("use {}", list(&names, "or")) }
    }
}

impl CommandOption {
    /// Whether the option takes this value: its kind, range or length, and choices.
    pub fn check(&self, value: &Value) -> Result<(), ArgumentError> {
        match (&self.kind, value) {
            (OptionKind::Text { min_length, max_length, choices, .. }, Value::Text(text)) => {
                let length = text.chars().count();
                let (least, most) = (min_length.unwrap_or(0), max_length.unwrap_or(TEXT_MAX));
                if length < usize::from(least) || length > usize::from(most) {
                    let problem = format!("{:?} has {length} characters", cut(text));
                    return Err(self.wrong(problem, format!("use {least} to {most}")));
                }
                self.one_of(choices, text, |value| format!("{value:?}"))
            }
            (OptionKind::Integer { min, max, choices, .. }, Value::Integer(number)) => {
                self.in_range(*number, min.unwrap_or(-INTEGER_MAX), max.unwrap_or(INTEGER_MAX))?;
                self.one_of(choices, number, i64::to_string)
            }
            (OptionKind::Number { min, max, choices, .. }, Value::Number(number)) => {
                self.in_range(*number, min.unwrap_or(-NUMBER_MAX), max.unwrap_or(NUMBER_MAX))?;
                self.one_of(choices, number, f64::to_string)
            }
            (kind, value) if kind.as_str() == value.kind() => Ok(()),
            (kind, value) => {
                Err(self.wrong(format!("it was filled in with {value}"), format!("use {}", expected(kind))))
            }
        }
    }

    pub(crate) fn wrong(&self, problem: String, allowed: String) -> ArgumentError {
        ArgumentError::Wrong { option: self.name.clone(), problem, allowed }
    }

    /// Takes in what is not a number, too, as that is in no range.
    fn in_range<N: PartialOrd + fmt::Display + fmt::Debug + Copy>(
        &self,
        number: N,
        min: N,
        max: N,
    ) -> Result<(), ArgumentError> {
        if number >= min && number <= max {
            return Ok(());
        }
        Err(self.wrong(format!("{number:?} is out of range"), format!("use {}", range(Some(min), Some(max)))))
    }

    pub(crate) fn one_of<T: PartialEq>(
        &self,
        choices: &[Choice<T>],
        value: &T,
        show: fn(&T) -> String,
    ) -> Result<(), ArgumentError> {
        if choices.is_empty() || choices.iter().any(|choice| choice.value == *value) {
            return Ok(());
        }
        let shown: Vec<String> = choices.iter().map(|choice| show(&choice.value)).collect();
        Err(self.wrong(format!("{} is not one of its choices", show(value)), format!("use {}", list(&shown, "or"))))
    }
}

/// What an option of this kind takes, with its article.
pub(crate) fn expected(kind: &OptionKind) -> &'static str {
    match kind {
        OptionKind::Text { .. } => "a text",
        OptionKind::Integer { .. } => "a whole number",
        OptionKind::Number { .. } => "a number",
        OptionKind::Boolean => "true or false",
        OptionKind::User => "a user's id or mention, such as 80351110224678912 or <@80351110224678912>",
        OptionKind::Channel => "a channel's id or mention, such as 41771983423143937 or <#41771983423143937>",
        OptionKind::Role => "a role's id or mention, such as 41771983423143936 or <@&41771983423143936>",
        OptionKind::Attachment => "a file's URL, beginning with https://",
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => write!(f, "{:?}", cut(text)),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Boolean(value) => write!(f, "{value}"),
            Value::User(id) => write!(f, "the user {:?}", cut(id)),
            Value::Channel(id) => write!(f, "the channel {:?}", cut(id)),
            Value::Role(id) => write!(f, "the role {:?}", cut(id)),
            Value::Attachment(url) => write!(f, "the attachment {:?}", cut(url)),
        }
    }
}
