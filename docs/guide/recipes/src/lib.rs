//! The recipes of the author's guide, as one provider, so that each of them is built and tested. The guide shows what stands
//! between the anchors.

mod cities;
mod dice;
mod guild;
mod proverbs;

use autocontent_sdk::prelude::*;

autocontent_sdk::provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Recipes;

#[autocontent_sdk::export]
impl Provider for Recipes {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        match request.command {
            Command::Motto { new } => guild::motto(new.as_deref()),
            Command::Cheer => guild::cheer(),
            Command::Proverb => proverbs::proverb(request.cursor.as_deref(), request.limit),
            Command::City { name } => cities::weather(&name),
            Command::Compare => cities::compare(["Lisbon", "Recife"]),
            Command::Dice => Ok(dice::throw().into()),
        }
    }

    // ANCHOR: suggest
    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        match partial.typing {
            // While nothing is typed, or the server doesn't answer, there is nothing to propose.
            Typing::CityName if partial.typed.is_empty() => Vec::new(),
            Typing::CityName => cities::beginning_with(&partial.typed).unwrap_or_default(),
        }
    }
    // ANCHOR_END: suggest

    // ANCHOR: act
    fn act(press: Press<Command>) -> Result<Page, Failure> {
        match press.action.as_str() {
            dice::AGAIN => Ok(dice::throw_again(press.state.as_deref()).into()),
            other => Err(Failure::Internal(format!("there is no button {other:?}"))),
        }
    }
    // ANCHOR_END: act
}
