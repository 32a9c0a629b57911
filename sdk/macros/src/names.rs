//! Rust's names for the manifest's.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};

/// The names given so far in one namespace, so that none is given twice: of two names that come to the same, such as
/// "a-b" and "a_b", the second gets a number.
pub(crate) struct Names(HashSet<String>);

impl Names {
    pub(crate) fn new() -> Names {
        Names(HashSet::new())
    }

    /// A namespace where these names are taken already.
    pub(crate) fn with(taken: &[&str]) -> Names {
        Names(taken.iter().map(|name| (*name).to_owned()).collect())
    }

    /// A type or variant called after `parts`: "news top", "per-page" → `NewsTopPerPage`.
    pub(crate) fn variant(&mut self, parts: &[&str]) -> Ident {
        let name: String = parts.iter().flat_map(|part| words(part)).map(|word| capitalised(&word)).collect();
        self.free(&name, "V")
    }

    /// A field called after `name`: "per-page" → `per_page`.
    pub(crate) fn field(&mut self, name: &str) -> Ident {
        let words: Vec<String> = words(name).collect();
        self.free(&words.join("_"), "_")
    }

    /// An identifier that is `name` if that is one and still free. `prefix` goes before what can't begin one.
    fn free(&mut self, name: &str, prefix: &str) -> Ident {
        let begins = name.starts_with(unicode_start);
        let name = if begins { name.to_owned() } else { format!("{prefix}{name}") };
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| self.0.insert(name.clone()));
        ident(&free.unwrap_or(name))
    }
}

/// The parts of a name that can stand in an identifier, as written.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|letter| !unicode_continue(letter) || letter == '_').filter(|word| !word.is_empty()).map(str::to_owned)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether `letter` may begin an identifier.
fn unicode_start(letter: char) -> bool {
    syn::parse_str::<Ident>(&format!("{letter}x")).is_ok()
}

/// Whether `letter` may stand within an identifier.
fn unicode_continue(letter: char) -> bool {
    syn::parse_str::<Ident>(&format!("x{letter}x")).is_ok()
}

/// A keyword becomes a raw identifier, or gets an underscore where there is none.
fn ident(name: &str) -> Ident {
    if syn::parse_str::<Ident>(name).is_ok() {
        return Ident::new(name, Span::call_site());
    }
    match name {
        "self" | "Self" | "super" | "crate" | "_" => Ident::new(&format!("{name}_"), Span::call_site()),
        _ => Ident::new_raw(name, Span::call_site()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(parts: &[&str]) -> String {
        Names::new().variant(parts).to_string()
    }

    fn field(name: &str) -> String {
        Names::new().field(name).to_string()
    }

    #[test]
    fn words_are_joined_as_rust_writes_them() {
        assert_eq!(variant(&["news top", "per-page"]), "NewsTopPerPage");
        assert_eq!(field("per-page"), "per_page");
        assert_eq!(field("it's_me"), "it_s_me");
    }

    #[test]
    fn names_in_other_scripts_stay() {
        assert_eq!(variant(&["notícias"]), "Notícias");
        assert_eq!(variant(&["élan"]), "Élan");
        assert_eq!(field("новости"), "новости");
    }

    #[test]
    fn what_rust_would_not_take_is_made_acceptable() {
        assert_eq!(field("type"), "r#type");
        assert_eq!(field("self"), "self_");
        assert_eq!(variant(&["self"]), "Self_");
        assert_eq!(variant(&["80s"]), "V80s");
        assert_eq!(field("2nd"), "_2nd");
        assert_eq!(field("'"), "__");
        assert_eq!(variant(&["+"]), "V");
    }

    #[test]
    fn names_that_come_to_the_same_are_told_apart() {
        let mut names = Names::with(&["Command"]);
        let given = ["c", "c++", "C", "command"].map(|name| names.variant(&[name]).to_string());
        assert_eq!(given, ["C", "C2", "C3", "Command2"]);
    }
}
