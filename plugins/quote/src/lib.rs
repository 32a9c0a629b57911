//! `/quote`: quotations in the public domain, in English and Portuguese.
//!
//! They stand in quotes.toml, each with where it comes from; build.rs checks them and makes them part of the program.

mod quotation;
mod topic;

use autocontent_sdk::markdown::block_quote;
use autocontent_sdk::prelude::*;
use autocontent_sdk::text::fold;
use autocontent_sdk::{Deck, provider};

use quotation::{Language, Quotation, search};
use topic::TOPICS;

provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Quote;

#[autocontent_sdk::export]
impl Provider for Quote {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Quote { topic, author } = request.command;
        let language = Language::of(&request.audience);
        let quotations = search(language, topic.as_deref(), author.as_deref());
        if quotations.is_empty() {
            return Err(Failure::NothingFound);
        }
        let (dealt, next) = Deck::new(request.cursor.as_deref()).deal(quotations, request.limit);
        Ok(Page::of(dealt.into_iter().map(item)).next(next))
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let language = Language::of(&partial.audience);
        let choices = match partial.typing {
            Typing::QuoteTopic { author } => topics(language, author.as_deref()),
            Typing::QuoteAuthor { topic } => authors(language, topic.as_deref()),
        };
        Choice::matching(&partial.typed, choices)
    }
}

fn item(quotation: &Quotation) -> Item {
    Item::new(quotation.id, Kind::Quote)
        .text(block_quote(quotation.text))
        .author(quotation.author())
        .source(quotation.source())
        .tags(quotation.topics.iter().map(|topic| topic.id))
}

/// The topics of the quotations by `author`, by label.
fn topics(language: Language, author: Option<&str>) -> Vec<Choice> {
    let quotations = search(language, None, author);
    let mut topics: Vec<_> =
        TOPICS.iter().filter(|topic| quotations.iter().any(|quotation| quotation.is_about(topic))).collect();
    topics.sort_by_cached_key(|topic| fold(topic.label(language)));
    topics.into_iter().map(|topic| Choice::new(topic.label(language), topic.id)).collect()
}

/// The authors of the quotations about `topic`, by name.
fn authors(language: Language, topic: Option<&str>) -> Vec<Choice> {
    let mut authors: Vec<&str> = search(language, topic, None).into_iter().map(Quotation::author).collect();
    authors.sort_unstable();
    authors.dedup();
    authors.sort_by_cached_key(|name| fold(name));
    authors.into_iter().map(|name| Choice::new(name, name)).collect()
}
