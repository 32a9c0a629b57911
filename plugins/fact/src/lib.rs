//! `/fact`: facts that don't change with time, in English and Portuguese.
//!
//! They stand in facts.toml, each with a page where it can be checked; build.rs checks the file and makes it part of the
//! program.

mod fact;

use autocontent_sdk::markdown::escape;
use autocontent_sdk::prelude::*;
use autocontent_sdk::{Audience, Deck, provider};

use fact::{FACTS, Fact};

provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Facts;

#[autocontent_sdk::export]
impl Provider for Facts {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Fact { topic } = request.command;
        let facts = FACTS.iter().filter(|fact| topic.is_none_or(|topic| fact.topic == topic));
        let (dealt, next) = Deck::new(request.cursor.as_deref()).deal(facts, request.limit);
        if dealt.is_empty() {
            return Err(Failure::NothingFound);
        }
        Ok(Page::of(dealt.into_iter().map(|fact| item(fact, &request.audience))).next(next))
    }
}

/// The fact in the audience's language, English where it is in neither.
fn item(fact: &Fact, audience: &Audience) -> Item {
    let (text, locale) = if audience.speaks("pt") { (fact.portuguese, "pt-BR") } else { (fact.english, "en-US") };
    Item::new(fact.id, Kind::Fact)
        .title(fact.topic.label(locale))
        .text(escape(text))
        .source((fact.source, fact.url))
        .tags([fact.topic.as_str()])
}
