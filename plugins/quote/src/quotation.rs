//! The quotations, as the build script makes them from quotes.toml, and the search in them.

use autocontent_sdk::Audience;
use autocontent_sdk::text::fold;

use crate::topic::{TOPICS, Topic};

include!(concat!(env!("OUT_DIR"), "/quotations.rs"));

/// The languages that there are quotations in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Portuguese,
}

/// One quotation, whose wording and origin can be looked up.
#[derive(Debug)]
pub(crate) struct Quotation {
    pub(crate) id: &'static str,
    language: Language,
    pub(crate) text: &'static str,
    /// Where the name stands in `AUTHORS`.
    author: usize,
    work: &'static str,
    place: &'static str,
    year: i16,
    pub(crate) topics: &'static [&'static Topic],
}

impl Language {
    /// The audience's own, English where there is nothing in that.
    pub(crate) fn of(audience: &Audience) -> Language {
        if audience.speaks("pt") { Language::Portuguese } else { Language::English }
    }
}

impl Quotation {
    /// The author's name.
    pub(crate) fn author(&self) -> &'static str {
        AUTHORS.get(self.author).copied().unwrap_or_default()
    }

    /// Work, place in it and year: "Hamlet, Act 3, Scene 1 (1603)".
    pub(crate) fn source(&self) -> String {
        let Quotation { work, place, year, .. } = self;
        format!("{work}, {place} ({year})")
    }

    /// Whether it is about this topic.
    pub(crate) fn is_about(&self, topic: &Topic) -> bool {
        self.topics.iter().any(|own| own.id == topic.id)
    }
}

impl Topic {
    /// What it is called in a language.
    pub(crate) fn label(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Portuguese => self.portuguese,
        }
    }

    /// The topic that a member means: by id or label, in whichever language, case and accents aside.
    fn meant(typed: &str) -> Option<&'static Topic> {
        let typed = fold(typed.trim());
        TOPICS.iter().find(|topic| topic.id == typed || fold(topic.english) == typed || fold(topic.portuguese) == typed)
    }
}

/// The quotations in a language, of those about `topic` and by an author whose name contains `author`.
pub(crate) fn search(language: Language, topic: Option<&str>, author: Option<&str>) -> Vec<&'static Quotation> {
    let topic = match topic.map(Topic::meant) {
        Some(None) => return Vec::new(),
        Some(Some(topic)) => Some(topic),
        None => None,
    };
    let authors: Option<Vec<bool>> = author.map(|author| {
        let author = fold(author.trim());
        AUTHORS.iter().map(|name| fold(name).contains(&author)).collect()
    });
    let fits = |quotation: &&Quotation| {
        quotation.language == language
            && topic.is_none_or(|topic| quotation.is_about(topic))
            && authors.as_ref().is_none_or(|fit| fit.get(quotation.author) == Some(&true))
    };
    QUOTATIONS.iter().filter(fits).collect()
}
