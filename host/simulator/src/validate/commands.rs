//! The rules of application commands.

use std::collections::HashSet;

use serde_json::Value;

use super::{Path, Problems};

/// Discord's locales.
const LOCALES: [&str; 34] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko", "ar",
    "he",
];
/// Characters of a command in all: names, descriptions and values, of each field the longest localisation.
const TOTAL: usize = 8_000;
/// The largest whole number that every client can show.
const SAFE_INTEGER: f64 = 9_007_199_254_740_992.0;

const CHAT_INPUT: i64 = 1;
const SUBCOMMAND: i64 = 1;
const SUBCOMMAND_GROUP: i64 = 2;
const STRING: i64 = 3;
const INTEGER: i64 = 4;
const NUMBER: i64 = 10;

/// Checks one command; with `partial` only the fields that are there.
pub(crate) fn check(command: &Value, path: &Path<'_>, partial: bool, problems: &mut Problems) {
    if !command.is_object() {
        return problems.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
    let kind = problems.integer(&command["type"], &path.key("type"), 1, 4).unwrap_or(CHAT_INPUT);
    let name = path.key("name");
    if !(partial && command["name"].is_null()) {
        check_name(&command["name"], &name, kind == CHAT_INPUT, problems);
    }
    check_localizations(command, "name_localizations", path, problems, |value, path, problems| {
        check_name(value, path, kind == CHAT_INPUT, problems);
    });
    if kind == CHAT_INPUT {
        if !(partial && command["description"].is_null()) {
            problems.required_text(&command["description"], &path.key("description"), 1, 100);
        }
        check_localizations(command, "description_localizations", path, problems, |value, path, problems| {
            problems.required_text(value, path, 1, 100);
        });
        check_options(&command["options"], &path.key("options"), Level::Command, problems);
    } else {
        for field in ["description", "options"] {
            if command[field].as_str().is_some_and(|text| !text.is_empty())
                || command[field].as_array().is_some_and(|list| !list.is_empty())
            {
                let message = "Context menu commands cannot have a description or options";
                problems.add(&path.key(field), "APPLICATION_COMMAND_CONTEXT_MENU_FIELD_INVALID", message);
            }
        }
    }
    problems.boolean(&command["nsfw"], &path.key("nsfw"));
    check_numbers(&command["contexts"], &path.key("contexts"), 2, problems);
    check_numbers(&command["integration_types"], &path.key("integration_types"), 1, problems);
    let permissions = &command["default_member_permissions"];
    if !permissions.is_null() && permissions.as_str().is_none_or(|bits| bits.parse::<u64>().is_err()) {
        let message = format!("Value \"{permissions}\" is not int.");
        problems.add(&path.key("default_member_permissions"), "NUMBER_TYPE_COERCE", message);
    }
    if size(command) > TOTAL {
        problems.add(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
    }
}

/// The key by which commands are told apart: type and name.
pub(crate) fn key(command: &Value) -> (i64, &str) {
    (command["type"].as_i64().unwrap_or(CHAT_INPUT), command["name"].as_str().unwrap_or_default())
}

/// Finds names that stand twice in a list of commands.
pub(crate) fn check_unique(commands: &[Value], problems: &mut Problems) {
    let mut seen = HashSet::new();
    for (index, command) in commands.iter().enumerate() {
        if !seen.insert(key(command)) {
            let message = "Application command names must be unique";
            problems.add(&Path::ROOT.index(index), "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        }
    }
}

fn check_name(value: &Value, path: &Path<'_>, chat_input: bool, problems: &mut Problems) {
    let Some(name) = problems.required_text(value, path, 1, 32) else { return };
    let allowed = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '-' | '_' | '\'' | '\u{900}'..='\u{97F}' | '\u{E00}'..='\u{E7F}')
    };
    if chat_input && !name.is_empty() && (!name.chars().all(allowed) || name.to_lowercase() != name) {
        problems.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

fn check_localizations(
    holder: &Value,
    field: &str,
    path: &Path<'_>,
    problems: &mut Problems,
    check: impl Fn(&Value, &Path<'_>, &mut Problems),
) {
    let path = path.key(field);
    let Some(localizations) = problems.object(&holder[field], &path).and_then(Value::as_object) else { return };
    for (locale, value) in localizations {
        let path = path.key(locale);
        if !LOCALES.contains(&locale.as_str()) {
            problems.add(&path, "BASE_TYPE_CHOICES", format!("Value must be one of {LOCALES:?}."));
        }
        if !value.is_null() {
            check(value, &path, problems);
        }
    }
}

fn check_numbers(list: &Value, path: &Path<'_>, highest: i64, problems: &mut Problems) {
    let mut seen = HashSet::new();
    for (index, value) in problems.list(list, path, 3).iter().enumerate() {
        let path = path.index(index);
        if let Some(number) = problems.integer(value, &path, 0, highest)
            && !seen.insert(number)
        {
            problems.add(&path, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Command,
    Group,
    Subcommand,
}

fn check_options(options: &Value, path: &Path<'_>, level: Level, problems: &mut Problems) {
    let list = problems.list(options, path, 25);
    let is_container = |option: &Value| matches!(option["type"].as_i64(), Some(SUBCOMMAND | SUBCOMMAND_GROUP));
    let containers = list.iter().filter(|option| is_container(option)).count();
    if containers > 0 && containers < list.len() {
        let message = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    let mut names = HashSet::new();
    let mut optional_seen = false;
    for (index, option) in list.iter().enumerate() {
        let path = path.index(index);
        check_option(option, &path, level, problems);
        if let Some(name) = option["name"].as_str()
            && !names.insert(name)
        {
            let message = "Option name already exists";
            problems.add(&path.key("name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message);
        }
        if option["required"] != true {
            optional_seen |= !is_container(option);
        } else if optional_seen {
            let message = "Required options must be placed before non-required options";
            problems.add(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
    }
}

fn check_option(option: &Value, path: &Path<'_>, level: Level, problems: &mut Problems) {
    if !option.is_object() {
        return problems.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
    let type_path = path.key("type");
    let Some(kind) = problems.integer(&option["type"], &type_path, 1, 11) else {
        if option["type"].is_null() {
            problems.required(&type_path);
        }
        return;
    };
    check_name(&option["name"], &path.key("name"), true, problems);
    problems.required_text(&option["description"], &path.key("description"), 1, 100);
    check_localizations(option, "name_localizations", path, problems, |value, path, problems| {
        check_name(value, path, true, problems);
    });
    check_localizations(option, "description_localizations", path, problems, |value, path, problems| {
        problems.required_text(value, path, 1, 100);
    });
    problems.boolean(&option["required"], &path.key("required"));
    problems.boolean(&option["autocomplete"], &path.key("autocomplete"));
    let fits = match level {
        Level::Command => true,
        Level::Group => kind == SUBCOMMAND,
        Level::Subcommand => !matches!(kind, SUBCOMMAND | SUBCOMMAND_GROUP),
    };
    if !fits {
        let message = "This option type cannot be nested here";
        problems.add(&type_path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    match kind {
        SUBCOMMAND => check_options(&option["options"], &path.key("options"), Level::Subcommand, problems),
        SUBCOMMAND_GROUP if level == Level::Command => {
            check_options(&option["options"], &path.key("options"), Level::Group, problems);
        }
        _ if option["options"].as_array().is_some_and(|inner| !inner.is_empty()) => {
            let message = "Only sub-commands and groups have options";
            problems.add(&path.key("options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
        _ => {}
    }
    check_choices(option, kind, path, problems);
    check_bounds(option, kind, path, problems);
}

fn check_choices(option: &Value, kind: i64, path: &Path<'_>, problems: &mut Problems) {
    let choices = path.key("choices");
    let list = problems.list(&option["choices"], &choices, 25);
    let takes_values = matches!(kind, STRING | INTEGER | NUMBER);
    if !takes_values && (!list.is_empty() || option["autocomplete"] == true) {
        let message = "Choices and autocomplete are for strings, integers and numbers";
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message);
    }
    if !list.is_empty() && option["autocomplete"] == true {
        let message = "Autocomplete cannot be used together with choices";
        problems.add(&path.key("autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", message);
    }
    let mut names = HashSet::new();
    for (index, choice) in list.iter().enumerate() {
        let path = choices.index(index);
        let name = problems.required_text(&choice["name"], &path.key("name"), 1, 100);
        if name.is_some_and(|name| !names.insert(name)) {
            let message = "Choice name already exists";
            problems.add(&path.key("name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message);
        }
        check_localizations(choice, "name_localizations", &path, problems, |value, path, problems| {
            problems.required_text(value, path, 1, 100);
        });
        let value = &choice["value"];
        let value_path = path.key("value");
        match kind {
            STRING => _ = problems.required_text(value, &value_path, 1, 100),
            INTEGER if value.as_i64().is_none() => {
                problems.add(&value_path, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int."));
            }
            _ if value.as_f64().is_none() && takes_values => {
                problems.add(&value_path, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not float."));
            }
            _ if value.as_f64().is_some_and(|number| number.abs() > SAFE_INTEGER) => {
                let message = "int value should be less than or equal to 9007199254740992.";
                problems.add(&value_path, "NUMBER_TYPE_MAX", message);
            }
            _ => {}
        }
    }
}

fn check_bounds(option: &Value, kind: i64, path: &Path<'_>, problems: &mut Problems) {
    let low = problems.integer(&option["min_length"], &path.key("min_length"), 0, 6_000);
    let high = problems.integer(&option["max_length"], &path.key("max_length"), 1, 6_000);
    if kind != STRING && (low.is_some() || high.is_some()) {
        let message = "Length bounds are for strings";
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID", message);
    }
    if low.zip(high).is_some_and(|(low, high)| low > high) {
        let message = "min_length must be less than or equal to max_length";
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_MIN_LENGTH_GREATER_THAN_MAX_LENGTH", message);
    }
    for field in ["min_value", "max_value"] {
        let value = &option[field];
        let fits = value.is_null()
            || match kind {
                INTEGER => value.as_i64().is_some_and(|value| value.unsigned_abs() <= 1 << 53),
                NUMBER => value.as_f64().is_some_and(|value| value.abs() <= SAFE_INTEGER),
                _ => false,
            };
        if !fits {
            problems.add(&path.key(field), "NUMBER_TYPE_COERCE", format!("Value \"{value}\" does not fit the option."));
        }
    }
    if option["min_value"].as_f64().zip(option["max_value"].as_f64()).is_some_and(|(low, high)| low > high) {
        let message = "min_value must be less than or equal to max_value";
        problems.add(path, "APPLICATION_COMMAND_OPTIONS_MIN_VALUE_GREATER_THAN_MAX_VALUE", message);
    }
}

/// Characters that count towards the 8,000, of a command, an option or a choice.
fn size(holder: &Value) -> usize {
    let longest = |field: &str, localizations: &str| {
        let own = holder[field].as_str().map_or(0, |text| text.chars().count());
        let others = holder[localizations].as_object().into_iter().flatten();
        others.filter_map(|(_, text)| text.as_str()).map(|text| text.chars().count()).max().unwrap_or(0).max(own)
    };
    let value = match &holder["value"] {
        Value::String(text) => text.chars().count(),
        Value::Number(number) => number.to_string().len(),
        _ => 0,
    };
    let inner = ["options", "choices"].into_iter().filter_map(|list| holder[list].as_array()).flatten();
    longest("name", "name_localizations")
        + longest("description", "description_localizations")
        + value
        + inner.map(size).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(command: &Value) -> String {
        let mut problems = Problems::default();
        check(command, &Path::ROOT, false, &mut problems);
        problems.into_json().to_string()
    }

    fn with_options(options: &Value) -> Value {
        json!({ "name": "quote", "description": "A quote", "options": options })
    }

    #[test]
    fn names_are_lower_case_letters_of_any_script() {
        for name in ["quote", "citação", "पुस्तक", "ข่าว", "a-b_c'1"] {
            assert_eq!(problems(&json!({ "name": name, "description": "d" })), "{}", "{name}");
        }
        for name in ["Quote", "a b", "a!", "É"] {
            let found = problems(&json!({ "name": name, "description": "d" }));
            assert!(found.contains("APPLICATION_COMMAND_INVALID_NAME"), "{name}: {found}");
        }
        assert!(problems(&json!({ "name": "a".repeat(33), "description": "d" })).contains("Must be between 1 and 32"));
        assert_eq!(problems(&json!({ "name": "Any Name", "type": 3 })), "{}");
    }

    #[test]
    fn required_options_stand_first() {
        let option =
            |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "d", "required": required });
        assert_eq!(problems(&with_options(&json!([option("a", true), option("b", false)]))), "{}");
        let found = problems(&with_options(&json!([option("a", false), option("b", true)])));
        assert!(found.contains("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"));
    }

    #[test]
    fn subcommands_do_not_mix_with_values_and_nest_only_through_groups() {
        let sub = json!({ "type": 1, "name": "s", "description": "d" });
        let value = json!({ "type": 3, "name": "v", "description": "d" });
        assert!(problems(&with_options(&json!([sub, value]))).contains("mutually exclusive"));
        let group = json!({ "type": 2, "name": "g", "description": "d", "options": [sub] });
        assert_eq!(problems(&with_options(&json!([group]))), "{}");
        let nested = json!({ "type": 1, "name": "n", "description": "d", "options": [group] });
        assert!(problems(&with_options(&json!([nested]))).contains("cannot be nested here"));
    }

    #[test]
    fn eight_thousand_characters_count_the_longest_localisation_only() {
        let choice = |n: usize, length: usize| json!({ "name": format!("{n:0>length$}"), "name_localizations": { "de": "x" }, "value": "v".repeat(100) });
        let option = |n: usize, choices: Vec<Value>| json!({ "type": 3, "name": format!("o{n}"), "description": "d", "choices": choices });
        let full: Vec<Value> = (0..25).map(|n| choice(n, 100)).collect();
        assert_eq!(problems(&with_options(&json!([option(0, full.clone())]))), "{}");
        let found = problems(&with_options(&json!([option(0, full.clone()), option(1, full)])));
        assert!(found.contains("APPLICATION_COMMAND_TOO_LARGE"));
    }

    #[test]
    fn choices_exclude_autocomplete_and_fit_the_type() {
        let option = json!([{ "type": 4, "name": "n", "description": "d", "autocomplete": true,
            "choices": [{ "name": "one", "value": "one" }] }]);
        let found = problems(&with_options(&option));
        assert!(found.contains("APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES"));
        assert!(found.contains("is not int"));
    }
}
