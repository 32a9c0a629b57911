//! Options between the contract's types and the manifest's.
//!
//! Discord checks what a member fills in, but an old client, a command line or a stored delivery may disagree with the
//! manifest of the provider that is installed now.

use autocontent_manifest::{self as manifest, ArgumentError, Invocation, OptionName};

use crate::contract::{Argument, Value};
use crate::words::Word;

/// Says what is wrong with the first argument that doesn't fit the command.
pub(crate) fn check(invocation: &Invocation<'_>, arguments: &[Argument]) -> Result<(), Word> {
    let arguments = arguments
        .iter()
        .map(|Argument { name, value }| {
            let name: OptionName = name.parse().map_err(|_| Word::UnknownOption { option: name.clone() })?;
            Ok(manifest::Argument { name, value: to_manifest(value) })
        })
        .collect::<Result<Vec<_>, Word>>()?;
    invocation.check(&arguments).map_err(|error| match error {
        ArgumentError::Missing { option, .. } => Word::MissingOption { option: option.to_string() },
        ArgumentError::Wrong { option, .. } | ArgumentError::Repeated { option } => {
            Word::InvalidOption { option: option.to_string(), reason: None }
        }
        ArgumentError::Unknown { given, .. } | ArgumentError::Stray { given, .. } => {
            Word::UnknownOption { option: given }
        }
        _ => Word::UnknownCommand,
    })
}

fn to_manifest(value: &Value) -> manifest::Value {
    match value.clone() {
        Value::Text(text) => manifest::Value::Text(text),
        Value::Integer(number) => manifest::Value::Integer(number),
        Value::Number(number) => manifest::Value::Number(number),
        Value::Boolean(boolean) => manifest::Value::Boolean(boolean),
        Value::User(id) => manifest::Value::User(id),
        Value::Channel(id) => manifest::Value::Channel(id),
        Value::Role(id) => manifest::Value::Role(id),
        Value::Attachment(url) => manifest::Value::Attachment(url),
    }
}

/// A typed command's argument as the contract has it.
pub(crate) fn from_manifest(argument: manifest::Argument) -> Argument {
    let value = match argument.value {
        manifest::Value::Text(text) => Value::Text(text),
        manifest::Value::Integer(number) => Value::Integer(number),
        manifest::Value::Number(number) => Value::Number(number),
        manifest::Value::Boolean(boolean) => Value::Boolean(boolean),
        manifest::Value::User(id) => Value::User(id),
        manifest::Value::Channel(id) => Value::Channel(id),
        manifest::Value::Role(id) => Value::Role(id),
        manifest::Value::Attachment(url) => Value::Attachment(url),
    };
    Argument { name: argument.name.to_string(), value }
}
