//! `/favourites`, the host's own command: what a member saved.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use autocontent_manifest::{Command, CommandOption, Context, Locale, OptionKind};

use crate::ask::{Asker, Reply};
use crate::contract::{Argument, Item, Value};
use crate::service::Content;
use crate::words::Word;

/// The command's name; no manifest may use it.
pub(crate) const NAME: &str = "favourites";
const PAGE: &str = "page";
/// Items on a page: as many as fit into one Discord message.
const PER_PAGE: u32 = 10;

/// The command as it is registered with Discord.
#[expect(clippy::expect_used, reason = "constants, which a test parses")]
pub(crate) fn command() -> Command {
    let page = CommandOption {
        name: PAGE.parse().expect("a valid option name"),
        description: "Which page, 1 being the newest".parse().expect("a valid description"),
        names: BTreeMap::from([(Locale::PortugueseBrazil, "pagina".parse().expect("a valid option name"))]),
        descriptions: BTreeMap::from([(
            Locale::PortugueseBrazil,
            "Qual página; a 1 é a mais nova".parse().expect("a valid description"),
        )]),
        required: false,
        kind: OptionKind::Integer { min: Some(1), max: Some(1_000), choices: Vec::new(), autocomplete: false },
    };
    Command {
        name: NAME.parse().expect("a valid command name"),
        description: "Show what you saved".parse().expect("a valid description"),
        names: BTreeMap::from([(Locale::PortugueseBrazil, "favoritos".parse().expect("a valid command name"))]),
        descriptions: BTreeMap::from([(
            Locale::PortugueseBrazil,
            "Mostra o que você salvou".parse().expect("a valid description"),
        )]),
        contexts: BTreeSet::from([Context::Guild, Context::BotDm, Context::PrivateChannel]),
        sensitive: false,
        cooldown: Duration::ZERO,
        options: vec![page],
        subcommands: Vec::new(),
    }
}

/// The page that the arguments ask for, counted from 0.
pub(crate) fn page(arguments: &[Argument]) -> u32 {
    let page = arguments.iter().find_map(|argument| match argument.value {
        Value::Integer(page) if argument.name == PAGE => u32::try_from(page).ok(),
        _ => None,
    });
    page.unwrap_or(1).saturating_sub(1)
}

/// Lists a page of the member's favourites.
pub(crate) async fn list(content: &Content, asker: &Asker, page: u32) -> Result<Reply, Word> {
    let Some(member) = asker.member else { return Ok(Reply::Notice(Word::NoFavourites.notice(&asker.locale))) };
    let favourites = content.store().favourites(member, PER_PAGE, page * PER_PAGE).await.map_err(|error| {
        tracing::error!(%error, "could not read favourites");
        Word::HostFailed
    })?;
    // What was saved where more is allowed is not shown where less is.
    let items: Vec<Item> = favourites
        .iter()
        .filter_map(|favourite| serde_json::from_str(&favourite.json).ok())
        .filter(|item: &Item| asker.age_restricted || item.rating == crate::contract::Rating::Everyone)
        .collect();
    if items.is_empty() {
        return Ok(Reply::Notice(Word::NoFavourites.notice(&asker.locale)));
    }
    Ok(Reply::Items { notice: Word::Favourites.notice(&asker.locale), items })
}
