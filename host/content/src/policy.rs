//! Whether a member may use a command where they are; checked for commands and for buttons alike.

use autocontent_manifest::Context;

use crate::ask::Asker;
use crate::catalogue::Entry;
use crate::contract::Place;
use crate::words::Word;

/// Refuses in words for the member. An operator's preview happens in no place.
pub(crate) fn check(entry: &Entry, asker: &Asker) -> Result<(), Word> {
    if asker.account.is_none() {
        return Ok(());
    }
    let context = match asker.place {
        Place::Guild => Context::Guild,
        Place::BotDm => Context::BotDm,
        Place::PrivateChannel => Context::PrivateChannel,
    };
    if !entry.command.contexts.contains(&context) {
        return Err(Word::WrongPlace);
    }
    if entry.command.sensitive && !asker.age_restricted {
        return Err(Word::AgeRestricted);
    }
    Ok(())
}
