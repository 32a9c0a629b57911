//! The options of a command, as arguments.

use autocontent_content::contract::{Argument, Value};
use serde_json::Value as JsonValue;

use super::json::{CommandOption, Data, Snowflake};

/// Discord's types of options that hold other options.
const SUBCOMMAND: u8 = 1;
const SUBCOMMAND_GROUP: u8 = 2;

/// "news", or "news top" for a subcommand, with the options that were filled in below it.
pub(super) fn full_name<'a, 'b>(name: &str, options: &'b [CommandOption<'a>]) -> (String, &'b [CommandOption<'a>]) {
    let (mut full, mut options) = (name.to_owned(), options);
    while let [only] = options
        && matches!(only.kind, SUBCOMMAND | SUBCOMMAND_GROUP)
    {
        full.push(' ');
        full.push_str(&only.name);
        options = &only.options;
    }
    (full, options)
}

/// The option as an argument; none where its type is unknown or its value is of another type.
pub(super) fn argument(option: &CommandOption<'_>, data: &Data<'_>) -> Option<Argument> {
    let text = || option.value.as_str().map(str::to_owned);
    let value = match option.kind {
        3 => Value::Text(text()?),
        4 => Value::Integer(option.value.as_i64()?),
        5 => Value::Boolean(option.value.as_bool()?),
        6 => Value::User(text()?),
        7 => Value::Channel(text()?),
        8 => Value::Role(text()?),
        10 => Value::Number(option.value.as_f64()?),
        11 => {
            let id = Snowflake(option.value.as_str()?.parse().ok()?);
            Value::Attachment(data.resolved.as_ref()?.attachments.get(&id)?.url.clone())
        }
        _ => return None,
    };
    Some(Argument { name: option.name.clone().into_owned(), value })
}

/// What stands in an option that is being typed. Discord sends it as text even where a number is wanted.
pub(super) fn typed(option: &CommandOption<'_>) -> String {
    match &option.value {
        JsonValue::String(text) => text.clone(),
        JsonValue::Null => String::new(),
        other => other.to_string(),
    }
}
