//! Which game is meant.

use autocontent_sdk::text::{same_name, shortened};
use autocontent_sdk::{Activity, Audience, Choice, Failure, Trigger};

use crate::steam::{App, AppId, Steam};
use crate::words::Words;

/// What a proposal's value begins with; a name alone could be a number, too.
const PICKED: &str = "steam:";
/// Characters of a proposal.
const LABEL: usize = 100;

/// A game as it was named.
#[derive(Debug, PartialEq)]
pub(crate) enum Wanted<'a> {
    /// Picked from the proposals.
    App(AppId),
    /// Typed by a member, and perhaps only a part of the name.
    Typed(&'a str),
    /// As a game calls itself.
    Played(&'a str),
}

impl<'a> Wanted<'a> {
    /// What the option says.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`] where it is empty.
    pub(crate) fn named(name: &'a str, audience: &Audience) -> Result<Wanted<'a>, Failure> {
        let name = name.trim();
        if let Some(id) = name.strip_prefix(PICKED).and_then(|id| id.parse().ok()) {
            return Ok(Wanted::App(id));
        }
        if name.is_empty() {
            return Err(Failure::invalid_argument("name", Words::of(audience).name_a_game));
        }
        Ok(Wanted::Typed(name))
    }

    /// What the option says, else what somebody plays.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidArgument`] where it is neither.
    pub(crate) fn named_or_played(
        name: Option<&'a str>,
        trigger: &'a Trigger,
        audience: &Audience,
    ) -> Result<Wanted<'a>, Failure> {
        match (name, trigger) {
            (Some(name), _) => Wanted::named(name, audience),
            (None, Trigger::Activity(Activity::Game(game))) => Ok(Wanted::Played(game.name.trim())),
            (None, _) => Err(Failure::invalid_argument("name", Words::of(audience).name_a_game)),
        }
    }

    /// A game as a proposal that [`Wanted::named`] reads.
    pub(crate) fn choice(app: &App) -> Choice {
        Choice::new(shortened(app.name.trim(), LABEL), format!("{PICKED}{}", app.id))
    }

    /// The games that may be meant, the likeliest first; only one where there is no doubt.
    ///
    /// # Errors
    ///
    /// [`Failure::NothingFound`] where Steam knows none, and those of asking it.
    pub(crate) fn apps(&self, steam: &Steam) -> Result<Vec<AppId>, Failure> {
        let (name, may_differ) = match self {
            Wanted::App(id) => return Ok(vec![*id]),
            Wanted::Typed(name) => (*name, true),
            // Another game of a similar name is nobody's interest.
            Wanted::Played(name) => (*name, false),
        };
        if name.is_empty() {
            return Err(Failure::NothingFound);
        }
        let found = steam.search(name, None)?;
        // Statuses and stores differ in signs, such as "HELLDIVERS™ 2".
        match found.iter().find(|app| same_name(&app.name, name)) {
            Some(app) => Ok(vec![app.id]),
            None if may_differ && !found.is_empty() => Ok(found.iter().map(|app| app.id).collect()),
            None => Err(Failure::NothingFound),
        }
    }
}
