//! Where a key stands in provider.toml.

use toml::de::{DeTable, DeValue};

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// A step on the way to a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Key(&'a str),
    /// Of a list, from 0.
    Index(usize),
}

/// Where the value stands that these steps lead to.
pub(super) fn find(text: &str, steps: &[Step<'_>]) -> Option<Place> {
    let document = DeTable::parse(text).ok()?;
    let (first, rest) = steps.split_first()?;
    let Step::Key(key) = first else { return None };
    let mut value = document.get_ref().get(*key)?;
    for step in rest {
        value = match (step, value.get_ref()) {
            (Step::Key(key), DeValue::Table(table)) => table.get(*key)?,
            (Step::Index(index), DeValue::Array(list)) => list.get(*index)?,
            _ => return None,
        };
    }
    let before = text.get(..value.span().start)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    Some(Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_keys() {
        let text = "[[command]]\nname = \"é\"\n[[command]]\n[[command.option]]\nx = [1, 22]\n";
        let steps = [Step::Key("command"), Step::Index(1), Step::Key("option"), Step::Index(0), Step::Key("x")];
        assert_eq!(find(text, &steps), Some(Place { line: 5, column: 5 }));
        assert_eq!(find(text, &[Step::Key("command"), Step::Index(7)]), None);
        assert_eq!(find("= broken", &steps), None);
    }
}
