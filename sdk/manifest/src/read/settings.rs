//! `[[setting]]`

use super::document::{Field, Table};
use crate::{
    Setting, SettingKind, SettingName, SettingValue,
    setting::{TEXT_MAX, TEXTS_MAX},
    text::{cut, did_you_mean, use_one_of},
};

const SETTINGS_MAX: usize = 32;
const CHOICES_MAX: usize = 100;

pub(super) fn settings(root: &mut Table<'_>) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for table in root.sections("setting", SETTINGS_MAX) {
        let (at, report) = (table.at, table.report);
        if let Some(setting) = setting(table) {
            if settings.iter().any(|earlier| earlier.name == setting.name) {
                report.add(
                    at,
                    "setting",
                    format!("a second setting is called {:?}", setting.name.as_str()),
                    "give each its own name",
                );
            }
            settings.push(setting);
        }
    }
    settings
}

fn setting(mut table: Table<'_>) -> Option<Setting> {
    let name: Option<SettingName> = table.need("name", "\"country\"").and_then(|field| field.parse());
    let description = table.need("description", "\"Edition\"").and_then(|field| field.parse());
    let kind = kind(&mut table);
    table.finish();
    Some(Setting { name: name?, description: description?, kind: kind? })
}

fn kind(table: &mut Table<'_>) -> Option<SettingKind> {
    let kind = table.need("kind", "\"text\"");
    let word = kind.as_ref().and_then(Field::text);
    let default = table.get("default");
    let choices = table.get("choices");
    let min = table.get("min");
    let max = table.get("max");
    let word = word?;
    let kind = match word {
        "text" => {
            SettingKind::Text { default: read(default.as_ref(), text), choices: choices_of(choices.as_ref(), text) }
        }
        "integer" => SettingKind::Integer {
            default: read(default.as_ref(), Field::integer),
            choices: choices_of(choices.as_ref(), Field::integer),
            min: read(min.as_ref(), Field::integer),
            max: read(max.as_ref(), Field::integer),
        },
        "number" => SettingKind::Number {
            default: read(default.as_ref(), Field::number),
            choices: choices_of(choices.as_ref(), Field::number),
            min: read(min.as_ref(), Field::number),
            max: read(max.as_ref(), Field::number),
        },
        "boolean" => SettingKind::Boolean { default: read(default.as_ref(), Field::boolean) },
        "texts" => SettingKind::Texts {
            default: default.as_ref().map(|field| field.list(0, TEXTS_MAX).iter().filter_map(text).collect()),
            choices: choices_of(choices.as_ref(), text),
        },
        _ => {
            let meant = did_you_mean(word, SettingKind::WORDS);
            return kind?.wrong(
                format!("{:?} is not a kind of setting", cut(word)),
                format!("{meant}{}", use_one_of(&SettingKind::WORDS)),
            );
        }
    };
    check_keys(&kind, choices.as_ref(), min.as_ref(), max.as_ref());
    check_values(&kind, default.as_ref(), choices.as_ref(), max.as_ref());
    Some(kind)
}

fn read<'a, T>(field: Option<&Field<'a>>, read: fn(&Field<'a>) -> Option<T>) -> Option<T> {
    field.and_then(read)
}

fn choices_of<'a, T: PartialEq>(field: Option<&Field<'a>>, read: fn(&Field<'a>) -> Option<T>) -> Vec<T> {
    let mut choices = Vec::new();
    for field in field.map(|field| field.list(1, CHOICES_MAX)).unwrap_or_default() {
        match read(&field) {
            Some(choice) if choices.contains(&choice) => {
                field.wrong::<()>("it stands here twice", "leave one out");
            }
            Some(choice) => choices.push(choice),
            None => {}
        }
    }
    choices
}

/// Unlike other texts of the manifest one that may be empty or have several lines.
fn text(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let length = text.chars().count();
    if length <= TEXT_MAX {
        return Some(text.to_owned());
    }
    field.wrong(format!("a text of {length} characters is too long"), format!("use at most {TEXT_MAX}"))
}

/// Reports keys that only another kind has.
fn check_keys(kind: &SettingKind, choices: Option<&Field<'_>>, min: Option<&Field<'_>>, max: Option<&Field<'_>>) {
    let bounded = matches!(kind, SettingKind::Integer { .. } | SettingKind::Number { .. });
    let chosen = !matches!(kind, SettingKind::Boolean { .. });
    let bounds = [min, max].into_iter().flatten().filter(|_| !bounded);
    for field in bounds.chain(choices.filter(|_| !chosen)) {
        field.wrong::<()>(format!("this key is not for settings of kind {}", kind.as_str()), "leave it out");
    }
}

/// Whether bounds, choices and default agree.
fn check_values(kind: &SettingKind, default: Option<&Field<'_>>, choices: Option<&Field<'_>>, max: Option<&Field<'_>>) {
    let (crossed, within): (bool, Vec<SettingValue>) = match kind {
        SettingKind::Integer { choices, min, max, .. } => (
            min.zip(*max).is_some_and(|(min, max)| min > max),
            choices.iter().copied().map(SettingValue::Integer).collect(),
        ),
        SettingKind::Number { choices, min, max, .. } => (
            min.zip(*max).is_some_and(|(min, max)| min > max),
            choices.iter().copied().map(SettingValue::Number).collect(),
        ),
        SettingKind::Text { .. } | SettingKind::Boolean { .. } | SettingKind::Texts { .. } => (false, Vec::new()),
    };
    if crossed {
        if let Some(field) = max {
            field.wrong::<()>("it is less than min", "use at least as much");
        }
        return;
    }
    for value in within {
        if let (Some(field), Err(error)) = (choices, kind.check(&value)) {
            field.wrong::<()>(error.problem, error.allowed);
        }
    }
    if let (Some(field), Some(Err(error))) = (default, kind.default_value().map(|value| kind.check(&value))) {
        field.wrong::<()>(error.problem, error.allowed);
    }
}
