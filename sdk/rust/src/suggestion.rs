//! Proposals for an option that a member is typing.

use crate::text::fold;
use crate::{Choice, Value};

impl Choice {
    /// How many Discord shows.
    pub const MOST: usize = 25;

    /// A proposal: what the member reads, and what arrives if they take it.
    pub fn new(label: impl Into<String>, value: impl Into<Value>) -> Choice {
        Choice { label: label.into(), value: value.into() }
    }

    /// Those of `choices` that fit what is typed: first the ones whose label begins with it, then the ones that
    /// have it further in, each in the order given, [`Choice::MOST`] in all. Case and accents don't matter.
    ///
    /// ```
    /// use autocontent_sdk::Choice;
    ///
    /// let choices = ["Épica", "Tempo", "Amor"].map(|label| Choice::new(label, label));
    /// let labels: Vec<String> = Choice::matching("p", choices).into_iter().map(|choice| choice.label).collect();
    /// assert_eq!(labels, ["Épica", "Tempo"]);
    /// ```
    pub fn matching(typed: &str, choices: impl IntoIterator<Item = Choice>) -> Vec<Choice> {
        let typed = fold(typed.trim());
        let (mut beginning, mut within) = (Vec::new(), Vec::new());
        for choice in choices {
            match fold(&choice.label).find(&typed) {
                Some(0) => beginning.push(choice),
                Some(_) => within.push(choice),
                None => {}
            }
        }
        beginning.append(&mut within);
        beginning.truncate(Self::MOST);
        beginning
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Boolean(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(typed: &str, from: &[&str]) -> Vec<String> {
        let choices = from.iter().map(|label| Choice::new(*label, *label));
        Choice::matching(typed, choices).into_iter().map(|choice| choice.label).collect()
    }

    #[test]
    fn what_begins_with_the_typed_text_stands_before_what_contains_it() {
        assert_eq!(labels("ca", &["Africa", "Camões", "Eça", "Castro"]), ["Camões", "Castro", "Africa", "Eça"]);
    }

    #[test]
    fn case_accents_and_surrounding_spaces_do_not_matter() {
        assert_eq!(labels(" CAMOES ", &["Luís de Camões", "Pessoa"]), ["Luís de Camões"]);
    }

    #[test]
    fn nothing_typed_brings_the_first_25() {
        let many: Vec<String> = (0..40).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(labels("", &many), many[..25]);
    }
}
