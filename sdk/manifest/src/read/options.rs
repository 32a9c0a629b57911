//! `[[command.option]]` and its choices.

use std::collections::BTreeMap;

use super::{
    document::{Field, Table},
    unique::{self, Named},
};
use crate::{
    Choice, CommandOption, OptionKind,
    command::{INTEGER_MAX, NUMBER_MAX, TEXT_MAX},
    text::{cut, did_you_mean, is_plain, use_one_of},
};

const OPTIONS_MAX: usize = 25;
const CHOICES_MAX: usize = 25;
/// The longest label and the longest text value of a choice, in characters.
const CHOICE_MAX: usize = 100;

/// All options, or nothing if one of them is wrong.
pub(super) fn options(table: &mut Table<'_>) -> Option<Vec<CommandOption>> {
    let Some(field) = table.get("option") else { return Some(Vec::new()) };
    let fields = field.list(0, OPTIONS_MAX);
    let read: Vec<Option<CommandOption>> = fields.iter().map(|field| option(field.table()?)).collect();
    let mut optional = None;
    for (option, field) in read.iter().zip(&fields) {
        match (option, optional) {
            (Some(option), Some(earlier)) if option.required => {
                let problem = format!("the required option {} stands after the optional {earlier}", option.name);
                field.wrong::<()>(problem, "put required options first");
            }
            (Some(option), None) if !option.required => optional = Some(&option.name),
            _ => {}
        }
    }
    let named = read.iter().zip(&fields).filter_map(|(option, field)| {
        let option = option.as_ref()?;
        Some(Named::new(field.at, option.name.as_str(), &option.names))
    });
    unique::check(table.report, &field.path, "option", &named.collect::<Vec<_>>());
    read.into_iter().collect()
}

fn option(mut table: Table<'_>) -> Option<CommandOption> {
    let name = table.need("name", "\"topic\"").and_then(|field| field.parse());
    let description = table.need("description", "\"What about\"").and_then(|field| field.parse());
    let names = table.get("names").map(|field| field.locales(Field::parse)).unwrap_or_default();
    let descriptions = table.get("descriptions").map(|field| field.locales(Field::parse)).unwrap_or_default();
    let required = table.get("required").and_then(|field| field.boolean()).unwrap_or(false);
    let kind = kind(&mut table);
    table.finish();
    Some(CommandOption { name: name?, description: description?, names, descriptions, required, kind: kind? })
}

fn kind(table: &mut Table<'_>) -> Option<OptionKind> {
    let kind = table.need("kind", "\"text\"");
    let keys = Keys {
        min_length: table.get("min-length"),
        max_length: table.get("max-length"),
        min: table.get("min"),
        max: table.get("max"),
        choices: table.get("choices"),
        autocomplete: table.get("autocomplete"),
    };
    let kind = kind?;
    match kind.text()? {
        "text" => keys.text(),
        "integer" => keys.integer(),
        "number" => keys.number(),
        "boolean" => Some(keys.none(OptionKind::Boolean)),
        "user" => Some(keys.none(OptionKind::User)),
        "channel" => Some(keys.none(OptionKind::Channel)),
        "role" => Some(keys.none(OptionKind::Role)),
        "attachment" => Some(keys.none(OptionKind::Attachment)),
        other => {
            let meant = did_you_mean(other, OptionKind::WORDS);
            let allowed = format!("{meant}{}", use_one_of(&OptionKind::WORDS));
            kind.wrong(format!("{:?} is not a kind of option", cut(other)), allowed)
        }
    }
}

/// The keys that only some kinds of option have.
struct Keys<'a> {
    min_length: Option<Field<'a>>,
    max_length: Option<Field<'a>>,
    min: Option<Field<'a>>,
    max: Option<Field<'a>>,
    choices: Option<Field<'a>>,
    autocomplete: Option<Field<'a>>,
}

impl Keys<'_> {
    fn text(&self) -> Option<OptionKind> {
        refuse([&self.min, &self.max], "text", "use min-length and max-length, or an option of kind integer or number");
        let min = self.min_length.as_ref().and_then(|field| field.integer_within(0, i64::from(TEXT_MAX)));
        let max = self.max_length.as_ref().and_then(|field| field.integer_within(1, i64::from(TEXT_MAX)));
        ordered(self.max_length.as_ref(), "min-length", min, max)?;
        let autocomplete = self.completes();
        let choices = read_choices(self.choices.as_ref(), |field| {
            let text = field.plain(CHOICE_MAX)?;
            let length = i64::try_from(text.chars().count()).ok()?;
            in_bounds(field, length, min, max, "min-length and max-length")?;
            Some(text)
        })?;
        let length = |length: Option<i64>| length.and_then(|length| u16::try_from(length).ok());
        Some(OptionKind::Text { min_length: length(min), max_length: length(max), choices, autocomplete })
    }

    fn integer(&self) -> Option<OptionKind> {
        refuse([&self.min_length, &self.max_length], "integer", "use min and max, or an option of kind text");
        let (min, max) = (self.min.as_ref().and_then(integer), self.max.as_ref().and_then(integer));
        ordered(self.max.as_ref(), "min", min, max)?;
        let autocomplete = self.completes();
        let read = |field: &Field<'_>| in_bounds(field, integer(field)?, min, max, "min and max");
        let choices = read_choices(self.choices.as_ref(), read)?;
        Some(OptionKind::Integer { min, max, choices, autocomplete })
    }

    fn number(&self) -> Option<OptionKind> {
        refuse([&self.min_length, &self.max_length], "number", "use min and max, or an option of kind text");
        let (min, max) = (self.min.as_ref().and_then(number), self.max.as_ref().and_then(number));
        ordered(self.max.as_ref(), "min", min, max)?;
        let autocomplete = self.completes();
        let read = |field: &Field<'_>| in_bounds(field, number(field)?, min, max, "min and max");
        let choices = read_choices(self.choices.as_ref(), read)?;
        Some(OptionKind::Number { min, max, choices, autocomplete })
    }

    /// For a kind that has none of these keys.
    fn none(&self, kind: OptionKind) -> OptionKind {
        let allowed = "leave it out, or use an option of kind text, integer or number";
        let all = [&self.min_length, &self.max_length, &self.min, &self.max, &self.choices, &self.autocomplete];
        refuse(all, kind.as_str(), allowed);
        kind
    }

    /// Whether the option is completed as it is typed, which one with choices never is.
    fn completes(&self) -> bool {
        let on = self.autocomplete.as_ref().and_then(Field::boolean).unwrap_or(false);
        if let Some(field) = self.autocomplete.as_ref().filter(|_| on && self.choices.is_some()) {
            field.wrong::<()>("the option has choices and autocomplete", "use one of the two");
        }
        on
    }
}

fn integer(field: &Field<'_>) -> Option<i64> {
    field.integer_within(-INTEGER_MAX, INTEGER_MAX)
}

fn number(field: &Field<'_>) -> Option<f64> {
    let value = field.number()?;
    if value.abs() <= NUMBER_MAX {
        return Some(value);
    }
    field.wrong(format!("{value:?} is out of range"), format!("use {} to {NUMBER_MAX}", -NUMBER_MAX))
}

/// Reports keys that another kind of option has.
fn refuse<const COUNT: usize>(fields: [&Option<Field<'_>>; COUNT], kind: &str, allowed: &str) {
    for field in fields.into_iter().flatten() {
        field.wrong::<()>(format!("this key is not for options of kind {kind}"), allowed);
    }
}

/// Nothing where the bounds are crossed: what is in them could then not be said.
fn ordered<N: PartialOrd + ToString>(
    max_at: Option<&Field<'_>>,
    min_name: &str,
    min: Option<N>,
    max: Option<N>,
) -> Option<()> {
    match (max_at, min, max) {
        (Some(field), Some(min), Some(max)) if min > max => {
            let (min, max) = (min.to_string(), max.to_string());
            field.wrong(format!("{max} is less than {min_name}, which is {min}"), format!("use {min} or more"))
        }
        _ => Some(()),
    }
}

fn in_bounds<N: PartialOrd + Copy>(
    field: &Field<'_>,
    value: N,
    min: Option<N>,
    max: Option<N>,
    names: &str,
) -> Option<N> {
    if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
        return field.wrong(format!("this choice is outside {names}"), "change the choice or the bounds");
    }
    Some(value)
}

/// All choices, or nothing if one of them is wrong. Each is a bare value, which is then its label too, or a table.
fn read_choices<'a, T: PartialEq + ToString>(
    choices: Option<&Field<'a>>,
    read: impl Fn(&Field<'a>) -> Option<T>,
) -> Option<Vec<Choice<T>>> {
    let Some(field) = choices else { return Some(Vec::new()) };
    let fields = field.list(1, CHOICES_MAX);
    let read: Vec<Option<Choice<T>>> = fields.iter().map(|field| choice(field, &read)).collect();
    let choices: Vec<Choice<T>> = read.into_iter().collect::<Option<_>>()?;
    for (index, (choice, field)) in choices.iter().zip(&fields).enumerate() {
        if choices.iter().take(index).any(|earlier| earlier.value == choice.value) {
            field.wrong::<()>(
                format!("the value {} stands here twice", cut(&choice.value.to_string())),
                "leave one out",
            );
        }
    }
    let named = choices.iter().zip(&fields).map(|(choice, field)| Named::new(field.at, &choice.label, &choice.labels));
    unique::check(field.report, &field.path, "choice", &named.collect::<Vec<_>>());
    Some(choices)
}

fn choice<'a, T: ToString>(field: &Field<'a>, read: impl Fn(&Field<'a>) -> Option<T>) -> Option<Choice<T>> {
    if !field.is_table() {
        let value = read(field)?;
        let label = value.to_string();
        if !is_plain(&label, CHOICE_MAX) {
            return field
                .wrong("this value is too long to be its own label", "give it one: { label = \"…\", value = … }");
        }
        return Some(Choice { label, labels: BTreeMap::new(), value });
    }
    let mut table = field.table()?;
    let label = table.need("label", "\"Science fiction\"").and_then(|field| field.plain(CHOICE_MAX));
    let labels = table.get("labels").map(|field| field.locales(|field| field.plain(CHOICE_MAX))).unwrap_or_default();
    let value = table.need("value", "\"sci-fi\"").and_then(|field| read(&field));
    table.finish();
    Some(Choice { label: label?, labels, value: value? })
}
