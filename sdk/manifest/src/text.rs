//! Checked texts: each is a `String` that was looked at once, when it was parsed.

use std::fmt;

/// A text that is not what it was parsed as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not {what}; {allowed}")]
pub struct InvalidText {
    /// The text as it was given, cut after 80 characters.
    pub given: String,
    /// What it was to be, with its article: "a command name".
    pub what: &'static str,
    /// What to do instead: "use 1 to 32 letters …".
    pub allowed: String,
}

impl InvalidText {
    pub(crate) fn new(given: &str, what: &'static str, allowed: impl Into<String>) -> InvalidText {
        InvalidText { given: cut(given), what, allowed: allowed.into() }
    }
}

/// The first 80 characters, so that a message stays one readable line.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `FromStr` made of a check, `Display`, `AsRef<str>` and serde as a string.
macro_rules! checked_text {
    ($(#[$meta:meta])* $name:ident, $what:literal, $allowed:literal, $check:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::InvalidText;

            fn from_str(text: &str) -> Result<$name, Self::Err> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok($name(text.to_owned()))
                } else {
                    Err($crate::text::InvalidText::new(text, $what, $allowed))
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        $crate::text::as_string!($name);
    };
}

/// `Display` and serde for a type with `as_str` and `FromStr`.
macro_rules! as_string {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        $crate::text::as_text!($name);
    };
}

/// Serde as a string for a type with `Display` and `FromStr`.
macro_rules! as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// An enum whose values are fixed words: `ALL`, `as_str`, `FromStr`, `Display` and serde as a string.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it stands in provider.toml.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::InvalidText;

            fn from_str(text: &str) -> Result<$name, Self::Err> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err($crate::text::InvalidText::new(text, $what, $crate::text::use_one_of(&[$($word),+]))),
                }
            }
        }

        $crate::text::as_string!($name);
    };
}

pub(crate) use {as_string, as_text, checked_text, words};

/// "use a, b or c"
pub(crate) fn use_one_of<T: fmt::Display>(allowed: &[T]) -> String {
    format!("use {}", list(allowed, "or"))
}

/// "a, b and c"
pub(crate) fn list<T: fmt::Display>(words: &[T], last: &str) -> String {
    match words {
        [] => String::from("nothing"),
        [only] => only.to_string(),
        [first @ .., end] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} {last} {end}", first.join(", "))
        }
    }
}

/// "did you mean kinds? ", or nothing.
pub(crate) fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    closest(given, known).map(|meant| format!("did you mean {meant}? ")).unwrap_or_default()
}

/// The one of `known` that was probably meant by `given`, in whatever case it is written.
pub(crate) fn closest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = given.chars().count();
    if length > 64 {
        return None;
    }
    let limit = (length / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|word| (distance(&given.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) that lead from one text to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // Rows of the usual matrix: the one before the last, the last and the present one.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, letter) in from.chars().enumerate() {
        let mut now = vec![row + 1];
        let mut left = row + 1;
        for (column, other) in to.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, column) + usize::from(letter != *other)).min(at(&last, column + 1) + 1).min(left + 1);
            let swapped = column > 0 && previous == Some(*other) && to.get(column - 1) == Some(&letter);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            now.push(best);
            left = best;
        }
        before = std::mem::replace(&mut last, now);
        previous = Some(letter);
    }
    last.last().copied().unwrap_or_default()
}

/// A text of 1 to `MAX` characters, without control characters and not only of spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// What Discord shows beside a command or an option: 1 to 100 characters.
pub type Description = Text<100>;

impl<const MAX: usize> Text<MAX> {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> std::str::FromStr for Text<MAX> {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Text<MAX>, InvalidText> {
        if is_plain(text, MAX) {
            Ok(Text(text.to_owned()))
        } else {
            Err(InvalidText::new(text, "a text that fits", plain_rule(text, MAX)))
        }
    }
}

/// Whether a text has 1 to `max` characters, none a control character or one that turns the rest of the line around, by
/// which a name could look like another's, and not only spaces.
pub(crate) fn is_plain(text: &str, max: usize) -> bool {
    let fits = |c: char| !c.is_control() && !turns_around(c);
    text.chars().count() <= max && text.chars().all(fits) && !text.trim().is_empty()
}

fn turns_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What [`is_plain`] asks for, with how far the text is off.
pub(crate) fn plain_rule(text: &str, max: usize) -> String {
    if text.chars().any(turns_around) {
        return "leave out the characters that turn a line's direction around".to_owned();
    }
    format!("use 1 to {max} characters on one line (these are {})", text.chars().count())
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> serde::Serialize for Text<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> serde::Deserialize<'de> for Text<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Text<MAX>, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_edits_and_swaps() {
        for (from, to, expected) in [
            ("", "", 0),
            ("kind", "kind", 0),
            ("knid", "kind", 1),
            ("txt", "text", 1),
            ("", "abc", 3),
            ("nmae", "name", 1),
            ("größe", "grösse", 2),
        ] {
            assert_eq!(distance(from, to), expected, "{from} → {to}");
            assert_eq!(distance(to, from), expected, "{to} → {from}");
        }
    }

    #[test]
    fn closest_keeps_quiet_about_what_is_far() {
        assert_eq!(closest("descripton", ["name", "description"]), Some("description"));
        assert_eq!(closest("colour", ["name", "description"]), None);
        assert_eq!(closest("pt-br", ["pl", "pt-BR"]), Some("pt-BR"));
    }

    #[test]
    fn texts_count_characters_and_not_bytes() {
        assert!("é".repeat(100).parse::<Description>().is_ok());
        assert!("é".repeat(101).parse::<Description>().is_err());
        assert!("".parse::<Description>().is_err());
        assert!("annexe\u{202e}gpj.exe".parse::<Description>().is_err());
        assert!("   ".parse::<Description>().is_err());
        assert!("two\nlines".parse::<Description>().is_err());
    }
}
