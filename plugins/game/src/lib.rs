//! `/game info` and `/game news`: what Steam's store and news know of games.
//!
//! `wanted` finds out which game is meant, `steam` asks Steam, `info` and `news` make items of the answers.

mod info;
mod markup;
mod news;
mod steam;
mod wanted;
mod words;

use std::time::Duration;

use autocontent_sdk::prelude::*;
use autocontent_sdk::{log, provider};

use steam::Steam;
use wanted::Wanted;

provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Games;

#[autocontent_sdk::export]
impl Provider for Games {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        match &request.command {
            Command::GameInfo { name } => info::find(&request, name),
            Command::GameNews { name, official } => news::find(&request, name.as_deref(), official.unwrap_or_default()),
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let (Typing::GameInfoName | Typing::GameNewsName { .. }) = partial.typing;
        let typed = partial.typed.trim();
        if typed.chars().count() < LEAST_TYPED {
            return Vec::new();
        }
        match Steam::of(&partial.audience).and_then(|steam| steam.search(typed, Some(SUGGESTED_WITHIN))) {
            Ok(apps) => apps.iter().map(Wanted::choice).take(Choice::MOST).collect(),
            Err(failure) => {
                log::warn(format!("no games to propose: {failure:?}"));
                Vec::new()
            }
        }
    }
}

/// Characters before it is worth to ask Steam.
const LEAST_TYPED: usize = 2;
/// Discord waits three seconds for proposals.
const SUGGESTED_WITHIN: Duration = Duration::from_secs(2);
