//! Names that must differ between neighbours, in every language.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Report;
use crate::Locale;

/// Something with a name, and names in other languages.
pub(super) struct Named<'a> {
    at: usize,
    name: &'a str,
    names: BTreeMap<Locale, &'a str>,
}

impl<'a> Named<'a> {
    pub(super) fn new<T: AsRef<str>>(at: usize, name: &'a str, names: &'a BTreeMap<Locale, T>) -> Named<'a> {
        let names = names.iter().map(|(locale, name)| (*locale, name.as_ref())).collect();
        Named { at, name, names }
    }

    /// What members with this locale see.
    fn shown(&self, locale: Option<Locale>) -> &'a str {
        locale.and_then(|locale| self.names.get(&locale)).copied().unwrap_or(self.name)
    }
}

/// Reports each name that an earlier neighbour has already. `what` says what they are: "option".
pub(super) fn check(report: &Report<'_>, path: &str, what: &str, named: &[Named<'_>]) {
    let locales: BTreeSet<Locale> = named.iter().flat_map(|named| named.names.keys().copied()).collect();
    let mut reported = BTreeSet::new();
    for locale in [None].into_iter().chain(locales.into_iter().map(Some)) {
        let mut taken = BTreeSet::new();
        for (index, named) in named.iter().enumerate() {
            let name = named.shown(locale);
            // One that clashes by its own name does so wherever it has no other; once is enough.
            if !taken.insert(name) && reported.insert((index, name)) {
                let language = locale.map(|locale| format!(" in {locale}")).unwrap_or_default();
                report.add(
                    named.at,
                    path,
                    format!("a second {what} is called {name:?}{language}"),
                    "give each its own name",
                );
            }
        }
    }
}
