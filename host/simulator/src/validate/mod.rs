//! The form checks of Discord: what is too long, too many, missing or of the wrong type, told by field as error 50035
//! tells it.
//!
//! `commands` knows the rules of application commands, `message` and `components` those of messages.

pub(crate) mod commands;
mod components;
pub(crate) mod message;

use serde_json::{Map, Value, json};

/// The problems of a request body, by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Problems(Map<String, Value>);

/// Where in a request body something is. Costs nothing until there is a problem to report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Path<'_> {
    pub(crate) const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    pub(crate) fn key<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    fn steps(&self, into: &mut Vec<String>) {
        if let Some(parent) = self.parent {
            parent.steps(into);
        }
        match self.step {
            Step::Root => {}
            Step::Key(key) => into.push(key.to_owned()),
            Step::Index(index) => into.push(index.to_string()),
        }
    }
}

impl Problems {
    pub(crate) fn add(&mut self, path: &Path<'_>, code: &str, message: impl Into<String>) {
        let mut steps = Vec::new();
        path.steps(&mut steps);
        let mut level = &mut self.0;
        for step in steps {
            let next = level.entry(step).or_insert_with(|| json!({}));
            // Every level is made here, as an object.
            let Some(next) = next.as_object_mut() else { return };
            level = next;
        }
        if let Some(errors) = level.entry("_errors").or_insert_with(|| json!([])).as_array_mut() {
            errors.push(json!({ "code": code, "message": message.into() }));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.0)
    }

    pub(crate) fn required(&mut self, path: &Path<'_>) {
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// A string of a length within bounds, in characters; null and missing are none.
    pub(crate) fn text<'v>(
        &mut self,
        value: &'v Value,
        path: &Path<'_>,
        at_least: usize,
        at_most: usize,
    ) -> Option<&'v str> {
        if value.is_null() {
            return None;
        }
        let Some(text) = value.as_str() else {
            self.add(path, "STRING_TYPE_CONVERT", format!("Could not interpret \"{value}\" as string."));
            return None;
        };
        // Bytes are at least as many as characters, and cost nothing to count.
        if text.len() > at_most || text.len() < at_least || at_least > 0 {
            let length = text.chars().count();
            if at_least > 0 && !(at_least..=at_most).contains(&length) {
                let message = format!("Must be between {at_least} and {at_most} in length.");
                self.add(path, "BASE_TYPE_BAD_LENGTH", message);
            } else if length > at_most {
                self.add(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {at_most} or fewer in length."));
            }
        }
        Some(text)
    }

    /// Like [`Problems::text`], and it must be there.
    pub(crate) fn required_text<'v>(
        &mut self,
        value: &'v Value,
        path: &Path<'_>,
        at_least: usize,
        at_most: usize,
    ) -> Option<&'v str> {
        if value.is_null() {
            self.required(path);
        }
        self.text(value, path, at_least, at_most)
    }

    /// A list of at most so many; null and missing are empty.
    pub(crate) fn list<'v>(&mut self, value: &'v Value, path: &Path<'_>, at_most: usize) -> &'v [Value] {
        match value {
            Value::Null => &[],
            Value::Array(list) => {
                if list.len() > at_most {
                    self.add(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {at_most} or fewer in length."));
                }
                list
            }
            _ => {
                self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
                &[]
            }
        }
    }

    /// An object; null and missing are none.
    pub(crate) fn object<'v>(&mut self, value: &'v Value, path: &Path<'_>) -> Option<&'v Value> {
        if value.is_null() {
            return None;
        }
        if !value.is_object() {
            self.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
            return None;
        }
        Some(value)
    }

    pub(crate) fn boolean(&mut self, value: &Value, path: &Path<'_>) {
        if !value.is_null() && !value.is_boolean() {
            self.add(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
    }

    /// A whole number within bounds; null and missing are none.
    pub(crate) fn integer(&mut self, value: &Value, path: &Path<'_>, low: i64, high: i64) -> Option<i64> {
        if value.is_null() {
            return None;
        }
        let Some(number) = value.as_i64() else {
            self.add(path, "NUMBER_TYPE_COERCE", format!("Value \"{value}\" is not int."));
            return None;
        };
        if number < low {
            self.add(path, "NUMBER_TYPE_MIN", format!("int value should be greater than or equal to {low}."));
        } else if number > high {
            self.add(path, "NUMBER_TYPE_MAX", format!("int value should be less than or equal to {high}."));
        }
        Some(number)
    }

    /// An address of one of these schemes.
    pub(crate) fn url(&mut self, value: &Value, path: &Path<'_>, schemes: &[&str]) {
        let Some(text) = self.text(value, path, 0, 2_048).filter(|text| !text.is_empty()) else { return };
        let Ok(url) = url::Url::parse(text) else {
            return self.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        };
        if !schemes.contains(&url.scheme()) {
            let message = format!("Scheme \"{}\" must be one of ({}).", url.scheme(), schemes.join(", "));
            self.add(path, "URL_TYPE_INVALID_SCHEME", message);
        }
    }
}

/// A message's ids of buttons and selects, to find the same one twice.
pub(crate) type SeenIds<'v> = std::collections::HashSet<&'v str>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_nested_by_field_as_discord_nests_them() {
        let mut problems = Problems::default();
        let embeds = Path::ROOT.key("embeds");
        let first = embeds.index(0);
        assert_eq!(problems.text(&json!("too long"), &first.key("title"), 0, 3), Some("too long"));
        let message = "Must be 3 or fewer in length.";
        let expected = json!({ "embeds": { "0": { "title": { "_errors": [
            { "code": "BASE_TYPE_MAX_LENGTH", "message": message }
        ] } } } });
        assert_eq!(problems.into_json(), expected);
    }

    #[test]
    fn lengths_are_counted_in_characters_not_in_bytes() {
        let mut problems = Problems::default();
        problems.text(&json!("ããã"), &Path::ROOT, 1, 3);
        assert!(problems.is_empty());
        problems.text(&json!("ãããã"), &Path::ROOT, 1, 3);
        assert!(!problems.is_empty());
    }
}
