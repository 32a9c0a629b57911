//! A TOML document as tables and fields that know where they stand and report what is wrong with them.
//!
//! Readers ask a [`Table`] for its keys one by one, which is also how it learns which keys there are, and go on after an error:
//! what is wrong ends up in the [`Report`], and a reader's `None` means that something does.

use std::{cell::RefCell, collections::BTreeMap, str::FromStr, time::Duration};

use toml::de::{DeTable, DeValue};

use crate::{
    InvalidText, Locale, ManifestError, ManifestErrors,
    quantity::{format_duration, parse_duration},
    text::{did_you_mean, is_plain, list, plain_rule},
};

/// Collects what is wrong with one text.
pub(super) struct Report<'a> {
    text: &'a str,
    found: RefCell<Vec<Found>>,
}

struct Found {
    /// Byte in the text.
    at: usize,
    key: String,
    problem: String,
    allowed: String,
}

impl<'a> Report<'a> {
    pub(super) fn new(text: &'a str) -> Report<'a> {
        Report { text, found: RefCell::default() }
    }

    pub(super) fn add(&self, at: usize, key: &str, problem: impl Into<String>, allowed: impl Into<String>) {
        let found = Found { at, key: key.to_owned(), problem: problem.into(), allowed: allowed.into() };
        self.found.borrow_mut().push(found);
    }

    /// How many errors there are so far. A part is sound if there are no more after it than before.
    pub(super) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// The errors in the order of the text; `None` where there are none.
    pub(super) fn finish(self) -> Option<ManifestErrors> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|found| found.at);
        let (mut line, mut column, mut from) = (1, 1, 0);
        let mut errors = Vec::with_capacity(found.len());
        for Found { at, key, problem, allowed } in found {
            for letter in self.text.get(from..at).unwrap_or_default().chars() {
                if letter == '\n' {
                    line += 1;
                    column = 1;
                } else {
                    column += 1;
                }
            }
            from = at.max(from);
            errors.push(ManifestError { line, column, key, problem, allowed });
        }
        (!errors.is_empty()).then(|| ManifestErrors::new(errors))
    }
}

/// A table and the keys that were asked for.
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    pub(super) at: usize,
    pub(super) path: String,
    pub(super) report: &'a Report<'a>,
    known: Vec<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(entries: &'a DeTable<'a>, at: usize, path: String, report: &'a Report<'a>) -> Table<'a> {
        Table { entries, at, path, report, known: Vec::new() }
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.known.push(key);
        let value = self.entries.get(key)?;
        Some(Field { value: value.get_ref(), at: value.span().start, path: join(&self.path, key), report: self.report })
    }

    /// A key that must be there; `example` is a value as it could be written.
    pub(super) fn need(&mut self, key: &'static str, example: &str) -> Option<Field<'a>> {
        self.need_or(key, format!("add it, such as {key} = {example}"))
    }

    /// A key that must be there, and what to do where it is not.
    pub(super) fn need_or(&mut self, key: &'static str, allowed: impl Into<String>) -> Option<Field<'a>> {
        let field = self.get(key);
        if field.is_none() {
            self.report.add(self.at, &join(&self.path, key), "it is missing", allowed);
        }
        field
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// A table that may be missing; then it is read as an empty one.
    pub(super) fn section(&mut self, key: &'static str) -> Option<Table<'a>> {
        self.get(key).and_then(|field| field.table())
    }

    /// A list of tables that may be missing.
    pub(super) fn sections(&mut self, key: &'static str, most: usize) -> Vec<Table<'a>> {
        let fields = self.get(key).map(|field| field.list(0, most)).unwrap_or_default();
        fields.iter().filter_map(Field::table).collect()
    }

    /// Reports keys that no one asked for. Comes after the last question.
    pub(super) fn finish(self) {
        for key in self.entries.keys() {
            let name: &str = key.get_ref();
            if !self.known.contains(&name) {
                let meant = did_you_mean(name, self.known.iter().copied());
                let allowed = format!("{meant}use {}", list(&self.known, "or"));
                self.report.add(key.span().start, &join(&self.path, &shown_key(name)), "there is no such key", allowed);
            }
        }
    }
}

/// A value and the keys that lead to it.
pub(super) struct Field<'a> {
    value: &'a DeValue<'a>,
    pub(super) at: usize,
    pub(super) path: String,
    pub(super) report: &'a Report<'a>,
}

impl<'a> Field<'a> {
    /// Reports the value, and is what its reader then returns.
    pub(super) fn wrong<T>(&self, problem: impl Into<String>, allowed: impl Into<String>) -> Option<T> {
        self.report.add(self.at, &self.path, problem, allowed);
        None
    }

    fn wrong_type<T>(&self, allowed: &str) -> Option<T> {
        let found = match self.value {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(format!("this is {found}"), format!("use {allowed}"))
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str().or_else(|| self.wrong_type("text in quotes"))
    }

    /// A text that is more than text.
    pub(super) fn parse<T: FromStr<Err = InvalidText>>(&self) -> Option<T> {
        self.text()?.parse().map_err(|error| self.invalid(&error)).ok()
    }

    pub(super) fn invalid(&self, error: &InvalidText) {
        self.wrong::<()>(format!("{:?} is not {}", error.given, error.what), error.allowed.clone());
    }

    /// A text of 1 to `max` characters on one line.
    pub(super) fn plain(&self, max: usize) -> Option<String> {
        let text = self.text()?;
        if is_plain(text, max) {
            Some(text.to_owned())
        } else {
            self.wrong("this text does not fit", plain_rule(text, max))
        }
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong_type("true or false"))
    }

    pub(super) fn integer(&self) -> Option<i64> {
        let Some(integer) = self.value.as_integer() else { return self.wrong_type("a whole number") };
        i64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .or_else(|| self.wrong(format!("{integer} is out of range"), "use a whole number of 64 bits"))
    }

    /// A whole number from `min` to `max`.
    pub(super) fn integer_within(&self, min: i64, max: i64) -> Option<i64> {
        let value = self.integer()?;
        if (min..=max).contains(&value) {
            Some(value)
        } else {
            self.wrong(format!("{value} is out of range"), format!("use {min} to {max}"))
        }
    }

    /// A finite number, written with or without a point.
    pub(super) fn number(&self) -> Option<f64> {
        let number = match self.value {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            _ => return self.wrong_type("a number"),
        };
        number
            .filter(|number: &f64| number.is_finite())
            .or_else(|| self.wrong("this is out of range", "use a finite number"))
    }

    /// "8s", within what is allowed.
    pub(super) fn duration(&self, min: Duration, max: Duration) -> Option<Duration> {
        let value = parse_duration(self.text()?).map_err(|error| self.invalid(&error)).ok()?;
        if (min..=max).contains(&value) {
            return Some(value);
        }
        self.wrong(
            format!("{} is out of range", format_duration(value)),
            format!("use {} to {}", format_duration(min), format_duration(max)),
        )
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(entries) => Some(Table::new(entries, self.at, self.path.clone(), self.report)),
            _ => self.wrong_type("a table"),
        }
    }

    /// The entries of a list, `least` to `most`; none where that is not so.
    pub(super) fn list(&self, least: usize, most: usize) -> Vec<Field<'a>> {
        let Some(array) = self.value.as_array() else {
            self.wrong_type::<()>("a list");
            return Vec::new();
        };
        if array.len() < least || array.len() > most {
            let range = if least == 0 { format!("at most {most}") } else { format!("{least} to {most}") };
            self.wrong::<()>(format!("there are {}", array.len()), format!("give {range}"));
        }
        let field = |value: &'a toml::Spanned<DeValue<'a>>| Field {
            value: value.get_ref(),
            at: value.span().start,
            path: self.path.clone(),
            report: self.report,
        };
        array.iter().take(most).map(field).collect()
    }

    /// A list of texts that are more than text, each at most once.
    pub(super) fn distinct<T: FromStr<Err = InvalidText> + PartialEq>(&self, least: usize, most: usize) -> Vec<T> {
        let mut values = Vec::new();
        for field in self.list(least, most) {
            match field.parse() {
                Some(value) if values.contains(&value) => {
                    field.wrong::<()>("it stands here twice", "leave one out");
                }
                Some(value) => values.push(value),
                None => {}
            }
        }
        values
    }

    /// A table of texts by locale.
    pub(super) fn locales<T>(&self, read: impl Fn(&Field<'a>) -> Option<T>) -> BTreeMap<Locale, T> {
        let mut texts = BTreeMap::new();
        let DeValue::Table(entries) = self.value else {
            self.wrong_type::<()>("a table of locales, such as { pt-BR = \"…\" }");
            return texts;
        };
        for (key, value) in entries {
            let name: &str = key.get_ref();
            let path = join(&self.path, &shown_key(name));
            let field = Field { value: value.get_ref(), at: value.span().start, path, report: self.report };
            match name.parse::<Locale>() {
                Ok(locale) => texts.extend(read(&field).map(|text| (locale, text))),
                Err(error) => {
                    let meant = did_you_mean(name, Locale::ALL.iter().map(|locale| locale.as_str()));
                    let problem = format!("{:?} is not {}", error.given, error.what);
                    self.report.add(key.span().start, &field.path, problem, format!("{meant}{}", error.allowed));
                }
            }
        }
        texts
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A key from the text as it is shown: on one line and not without end.
fn shown_key(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && key.chars().count() <= 80
        && !key.is_empty();
    if plain { key.to_owned() } else { format!("{:?}", crate::text::cut(key)) }
}
