//! A command as Discord's JSON has it, of which only what can be wanted is read.

use std::collections::{BTreeMap, BTreeSet};

use autocontent_manifest::{Choice, Command, CommandOption, Context, Locale, OptionKind, Subcommand};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Discord's type of a slash command.
const CHAT_INPUT: u8 = 1;
/// Discord's ways to install an application.
const GUILD_INSTALL: u8 = 0;
const USER_INSTALL: u8 = 1;

type Localisations = BTreeMap<String, String>;

/// A slash command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Spec {
    #[serde(rename = "type", default = "chat_input")]
    kind: u8,
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    name_localizations: Localisations,
    #[serde(default)]
    description: String,
    #[serde(default, deserialize_with = "or_default")]
    description_localizations: Localisations,
    #[serde(default, deserialize_with = "or_default")]
    options: Vec<OptionSpec>,
    #[serde(default)]
    default_member_permissions: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    nsfw: bool,
    #[serde(default, deserialize_with = "or_default")]
    contexts: BTreeSet<u8>,
    #[serde(default, deserialize_with = "or_default")]
    integration_types: BTreeSet<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct OptionSpec {
    #[serde(rename = "type")]
    kind: u8,
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    name_localizations: Localisations,
    description: String,
    #[serde(default, deserialize_with = "or_default")]
    description_localizations: Localisations,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "is_default")]
    required: bool,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "is_default")]
    autocomplete: bool,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "is_default")]
    choices: Vec<ChoiceSpec>,
    #[serde(default, skip_serializing_if = "is_default")]
    min_length: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    max_length: Option<u16>,
    #[serde(default, skip_serializing_if = "is_default")]
    min_value: Option<Number>,
    #[serde(default, skip_serializing_if = "is_default")]
    max_value: Option<Number>,
    /// The options of a subcommand.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "is_default")]
    options: Vec<OptionSpec>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ChoiceSpec {
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    name_localizations: Localisations,
    value: Scalar,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(Number),
}

/// A number as JSON knows it: 1 and 1.0 are the same. Discord takes nothing that a double can't hold.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Where a whole number is wanted, 1.0 is none.
        if self.0.fract() == 0.0 && self.0.abs() <= 9_007_199_254_740_992.0 {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            return serializer.serialize_i64(self.0 as i64);
        }
        serializer.serialize_f64(self.0)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Number {
        // The manifest allows whole numbers up to 2^53, which a double holds exactly.
        Number(number as f64)
    }
}

impl Spec {
    /// The command as Discord should have it.
    pub(super) fn of(command: &Command) -> Spec {
        let options = match command.subcommands.as_slice() {
            [] => command.options.iter().map(OptionSpec::of).collect(),
            subcommands => subcommands.iter().map(OptionSpec::of_subcommand).collect(),
        };
        let mut integration_types = BTreeSet::from([GUILD_INSTALL]);
        if command.contexts.contains(&Context::PrivateChannel) {
            integration_types.insert(USER_INSTALL);
        }
        Spec {
            kind: CHAT_INPUT,
            name: command.name.to_string(),
            name_localizations: localisations(&command.names, command.name.as_str()),
            description: command.description.to_string(),
            description_localizations: localisations(&command.descriptions, command.description.as_str()),
            options,
            default_member_permissions: None,
            nsfw: command.sensitive,
            contexts: command.contexts.iter().map(context).collect(),
            integration_types,
        }
    }
}

impl OptionSpec {
    fn named(kind: u8, name: &str, description: &str) -> OptionSpec {
        OptionSpec {
            kind,
            name: name.to_owned(),
            name_localizations: Localisations::new(),
            description: description.to_owned(),
            description_localizations: Localisations::new(),
            required: false,
            autocomplete: false,
            choices: Vec::new(),
            min_length: None,
            max_length: None,
            min_value: None,
            max_value: None,
            options: Vec::new(),
        }
    }

    fn of_subcommand(subcommand: &Subcommand) -> OptionSpec {
        OptionSpec {
            name_localizations: localisations(&subcommand.names, subcommand.name.as_str()),
            description_localizations: localisations(&subcommand.descriptions, subcommand.description.as_str()),
            options: subcommand.options.iter().map(OptionSpec::of).collect(),
            ..OptionSpec::named(1, subcommand.name.as_str(), subcommand.description.as_str())
        }
    }

    fn of(option: &CommandOption) -> OptionSpec {
        let mut spec = OptionSpec {
            name_localizations: localisations(&option.names, option.name.as_str()),
            description_localizations: localisations(&option.descriptions, option.description.as_str()),
            required: option.required,
            autocomplete: option.kind.autocomplete(),
            ..OptionSpec::named(kind(&option.kind), option.name.as_str(), option.description.as_str())
        };
        match &option.kind {
            OptionKind::Text { min_length, max_length, choices, .. } => {
                (spec.min_length, spec.max_length) = (*min_length, *max_length);
                spec.choices = choices.iter().map(|choice| ChoiceSpec::of(choice, Scalar::Text)).collect();
            }
            OptionKind::Integer { min, max, choices, .. } => {
                (spec.min_value, spec.max_value) = (min.map(Number::from), max.map(Number::from));
                spec.choices =
                    choices.iter().map(|choice| ChoiceSpec::of(choice, |value| Scalar::Number(value.into()))).collect();
            }
            OptionKind::Number { min, max, choices, .. } => {
                (spec.min_value, spec.max_value) = (min.map(Number), max.map(Number));
                spec.choices = choices
                    .iter()
                    .map(|choice| ChoiceSpec::of(choice, |value| Scalar::Number(Number(value))))
                    .collect();
            }
            OptionKind::Boolean
            | OptionKind::User
            | OptionKind::Channel
            | OptionKind::Role
            | OptionKind::Attachment => {}
        }
        spec
    }
}

impl ChoiceSpec {
    fn of<T: Clone>(choice: &Choice<T>, value: impl FnOnce(T) -> Scalar) -> ChoiceSpec {
        ChoiceSpec {
            name: choice.label.clone(),
            name_localizations: localisations(&choice.labels, &choice.label),
            value: value(choice.value.clone()),
        }
    }
}

/// The texts by language. Where there are any, American English is named too: otherwise Discord shows members who use
/// it a text in another language instead of the default.
fn localisations<T: ToString>(texts: &BTreeMap<Locale, T>, default: &str) -> Localisations {
    let mut all: Localisations = texts.iter().map(|(locale, text)| (locale.to_string(), text.to_string())).collect();
    if !all.is_empty() {
        all.entry(Locale::EnglishUs.to_string()).or_insert_with(|| default.to_owned());
    }
    all
}

/// Discord's number for what an option takes.
fn kind(kind: &OptionKind) -> u8 {
    match kind {
        OptionKind::Text { .. } => 3,
        OptionKind::Integer { .. } => 4,
        OptionKind::Boolean => 5,
        OptionKind::User => 6,
        OptionKind::Channel => 7,
        OptionKind::Role => 8,
        OptionKind::Number { .. } => 10,
        OptionKind::Attachment => 11,
    }
}

/// Discord's number for a place.
fn context(context: &Context) -> u8 {
    match context {
        Context::Guild => 0,
        Context::BotDm => 1,
        Context::PrivateChannel => 2,
    }
}

fn chat_input() -> u8 {
    CHAT_INPUT
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Discord sends null for what was never given.
fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
