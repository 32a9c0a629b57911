//! The module `provider_toml`: a class for each command, with its options as fields.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use autocontent_manifest::{Choice, CommandOption, Invocation, Manifest, OptionKind};
use unicode_ident::{is_xid_continue, is_xid_start};

use crate::new::capitalised;

/// Python's words that can't be names.
const TAKEN: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The module's own names, which no command may take.
const OWN: [&str; 11] =
    ["Attachment", "COMMANDS", "Channel", "Command", "Final", "Kind", "Literal", "Role", "Union", "User", "dataclass"];

/// The name of the class of a provider's only command.
pub(crate) fn class_name(name: &str) -> String {
    Names::with(OWN).free(name, "C")
}

/// The module's text.
pub(super) fn module(manifest: &Manifest) -> String {
    let mut names = Names::with(OWN);
    let classes: Vec<Class<'_>> = manifest
        .commands
        .iter()
        .flat_map(autocontent_manifest::Command::invocations)
        .map(|invocation| Class::new(invocation, &mut names))
        .collect();
    let used: BTreeSet<&str> = classes.iter().flat_map(|class| &class.fields).filter_map(Field::import).collect();

    let mut text = String::from(
        "\"\"\"What provider.toml describes. Made from it by each build: changes here are lost.\"\"\"\n\n\
         from __future__ import annotations\n\n\
         from dataclasses import dataclass\n\
         from typing import Final, Literal, Union\n\n",
    );
    if !used.is_empty() {
        let list: Vec<&str> = used.into_iter().collect();
        text.push_str(&format!("from autocontent import {}\n\n", list.join(", ")));
    }
    for class in &classes {
        text.push_str(&class.definition());
    }
    let all: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
    let kinds: Vec<String> = manifest.provider.kinds.iter().map(|kind| literal(kind.as_str())).collect();
    text.push_str(&format!("\nCommand = Union[{}]\n", all.join(", ")));
    text.push_str("\"\"\"One of the commands, with its options.\"\"\"\n\n");
    text.push_str(&format!("Kind = Literal[{}]\n", kinds.join(", ")));
    text.push_str("\"\"\"What an item may be.\"\"\"\n\nCOMMANDS: Final = {\n");
    for class in &classes {
        text.push_str(&class.entry());
    }
    text.push_str("}\n\"\"\"The classes by the commands' full names, and their fields by the options'.\"\"\"\n");
    text
}

/// A command or subcommand as a class.
struct Class<'a> {
    full_name: String,
    description: &'a str,
    name: String,
    fields: Vec<Field<'a>>,
}

/// An option as a field.
struct Field<'a> {
    option: &'a CommandOption,
    name: String,
}

impl<'a> Class<'a> {
    fn new(invocation: Invocation<'a>, names: &mut Names) -> Class<'a> {
        let full_name = invocation.full_name();
        let mut fields = Names::with([]);
        let fields = invocation.options().iter().map(|option| {
            let name = fields.free(&words(option.name.as_str()).join("_"), "_");
            Field { option, name }
        });
        let fields = fields.collect();
        let name: String = words(&full_name).iter().map(|word| capitalised(word)).collect();
        let description = match invocation.subcommand {
            Some(subcommand) => subcommand.description.as_str(),
            None => invocation.command.description.as_str(),
        };
        Class { name: names.free(&name, "C"), full_name, description, fields }
    }

    fn definition(&self) -> String {
        let Class { full_name, description, name, .. } = self;
        let mut text = format!(
            "\n@dataclass(frozen=True)\nclass {name}:\n    {}\n",
            documentation(&format!("`/{full_name}`: {description}"))
        );
        for field in &self.fields {
            let kind = field.kind();
            let kind = if field.option.required { kind } else { format!("{kind} | None = None") };
            let description = documentation(field.option.description.as_str());
            let _ = write!(text, "\n    {}: {kind}\n    {description}\n", field.name);
        }
        text.push('\n');
        text
    }

    /// Its line of COMMANDS.
    fn entry(&self) -> String {
        let fields = self
            .fields
            .iter()
            .map(|Field { option, name }| format!("{}: {}", literal(option.name.as_str()), literal(name)));
        let fields: Vec<String> = fields.collect();
        format!("    {}: ({}, {{{}}}),\n", literal(&self.full_name), self.name, fields.join(", "))
    }
}

impl Field<'_> {
    /// The type of its values.
    fn kind(&self) -> String {
        match &self.option.kind {
            OptionKind::Text { choices, .. } if choices.is_empty() => "str".to_owned(),
            OptionKind::Text { choices, .. } => one_of(choices, |value| literal(value)),
            OptionKind::Integer { choices, .. } if choices.is_empty() => "int".to_owned(),
            OptionKind::Integer { choices, .. } => one_of(choices, i64::to_string),
            OptionKind::Number { .. } => "float".to_owned(),
            OptionKind::Boolean => "bool".to_owned(),
            OptionKind::User => "User".to_owned(),
            OptionKind::Channel => "Channel".to_owned(),
            OptionKind::Role => "Role".to_owned(),
            OptionKind::Attachment => "Attachment".to_owned(),
        }
    }

    /// What its type needs of the SDK.
    fn import(&self) -> Option<&'static str> {
        match self.option.kind {
            OptionKind::User => Some("User"),
            OptionKind::Channel => Some("Channel"),
            OptionKind::Role => Some("Role"),
            OptionKind::Attachment => Some("Attachment"),
            OptionKind::Text { .. } | OptionKind::Integer { .. } | OptionKind::Number { .. } | OptionKind::Boolean => {
                None
            }
        }
    }
}

fn one_of<T>(choices: &[Choice<T>], show: impl Fn(&T) -> String) -> String {
    let values: Vec<String> = choices.iter().map(|choice| show(&choice.value)).collect();
    format!("Literal[{}]", values.join(", "))
}

/// The names given so far in one namespace.
struct Names(BTreeSet<String>);

impl Names {
    fn with<'a>(taken: impl IntoIterator<Item = &'a str>) -> Names {
        Names(taken.into_iter().map(str::to_owned).collect())
    }

    /// A name that is `name` if that can be one and is still free. `prefix` goes before what can't begin one.
    fn free(&mut self, name: &str, prefix: &str) -> String {
        let begins = name.starts_with(|first| first == '_' || is_xid_start(first));
        let mut wanted = if begins { name.to_owned() } else { format!("{prefix}{name}") };
        // A word of Python's gets an underscore, as its style guide has it; the second one of a name gets a number.
        if TAKEN.contains(&wanted.as_str()) {
            wanted.push('_');
        }
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| self.0.insert(name.clone()));
        free.unwrap_or(wanted)
    }
}

/// The parts of a name that can stand in one of Python's.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|letter| !is_xid_continue(letter) || letter == '_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// A text as Python writes it.
fn literal(text: &str) -> String {
    // JSON's escapes are Python's too.
    serde_json::Value::from(text).to_string()
}

/// A text as a documentation string.
fn documentation(text: &str) -> String {
    format!("\"\"\"{}\"\"\"", text.replace('\\', "\\\\").replace('"', "'"))
}
