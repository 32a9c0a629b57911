//! The provider's own words. The comics are in English.

use autocontent_sdk::Audience;

/// The languages that the provider speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    English,
    Portuguese,
}

impl Language {
    /// The audience's own, English where that is not among them.
    pub(crate) fn of(audience: &Audience) -> Language {
        if audience.speaks("pt") { Language::Portuguese } else { Language::English }
    }

    /// Why there is no comic 404.
    pub(crate) fn missing(self) -> &'static str {
        match self {
            Language::English => {
                "there is no comic 404: xkcd left that number out, as web servers say 404 for “not found”. Try 403 or 405"
            }
            Language::Portuguese => {
                "não existe o quadrinho 404: o xkcd pulou esse número, pois 404 é o “não encontrado” da web. Tente 403 ou 405"
            }
        }
    }

    /// Why there is no comic of a number beyond `newest`.
    pub(crate) fn none_of_number(self, newest: i64) -> String {
        match self {
            Language::English => format!("there is no such comic; the newest is {newest}"),
            Language::Portuguese => format!("não existe esse quadrinho; o mais novo é o {newest}"),
        }
    }

    /// The name of the field that says what was searched.
    pub(crate) fn search(self) -> &'static str {
        match self {
            Language::English => "Search",
            Language::Portuguese => "Busca",
        }
    }

    /// How many comics were found, and among how many.
    pub(crate) fn searched(self, found: usize, seen: usize) -> String {
        match self {
            Language::English => format!("{found} of {seen} comics known so far"),
            Language::Portuguese => format!("{found} de {seen} quadrinhos conhecidos até agora"),
        }
    }
}
