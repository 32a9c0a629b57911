//! The bot's slash commands, kept equal to its catalogue.
//!
//! Replacing them all is one PUT, but Discord counts each new command of a day and shows members a stale list for a
//! moment, so it is sent only where something differs. What differs is told by reading Discord's answer into the same
//! [`Spec`] that the catalogue is turned into: defaults are filled in on both sides, and what only Discord knows (ids,
//! versions) falls away.

mod spec;

use autocontent_content::{ApplicationId, CatalogueCommand};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::rest::{Payload, Rest, RestError};
use spec::Spec;

/// Slash commands that Discord takes for one application.
const MOST: usize = 100;
/// Discord's type of the command that opens an Activity; it may not be left out of a replacement.
const ENTRY_POINT: u8 = 4;

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Synced {
    /// Discord has these commands already; nothing was sent.
    Equal,
    /// This many commands were sent.
    Replaced(usize),
}

/// Why commands could not be kept equal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    #[error(transparent)]
    Rest(#[from] RestError),
    #[error("the commands could not be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Compares the catalogue's commands with those that Discord has, and replaces Discord's where they differ.
pub(crate) async fn sync(
    rest: &Rest,
    application: ApplicationId,
    commands: &[CatalogueCommand],
) -> Result<Synced, SyncError> {
    if commands.len() > MOST {
        tracing::warn!(%application, commands = commands.len(), "discord takes 100 commands, the rest is left out; disable a provider");
    }
    let wanted: Vec<Spec> = commands.iter().take(MOST).map(|command| Spec::of(&command.command)).collect();
    let present = rest.commands(application).await?;
    let Some(kept) = difference(&wanted, &present) else { return Ok(Synced::Equal) };
    let all: Vec<Sent<'_>> = wanted.iter().map(Sent::Ours).chain(kept.into_iter().map(Sent::Kept)).collect();
    rest.put_commands(application, &Payload::json(&all)?).await?;
    Ok(Synced::Replaced(wanted.len()))
}

#[derive(Serialize)]
#[serde(untagged)]
enum Sent<'a> {
    Ours(&'a Spec),
    Kept(&'a RawValue),
}

/// None where Discord has what is wanted; otherwise the commands of Discord's that a replacement has to repeat.
fn difference<'a>(wanted: &[Spec], present: &'a [Box<RawValue>]) -> Option<Vec<&'a RawValue>> {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(rename = "type", default)]
        kind: u8,
    }
    let is_entry_point =
        |raw: &&RawValue| serde_json::from_str::<Kind>(raw.get()).is_ok_and(|command| command.kind == ENTRY_POINT);
    let (kept, others): (Vec<&RawValue>, Vec<&RawValue>) = present.iter().map(|raw| &**raw).partition(is_entry_point);
    let mut there: Vec<Spec> = others.iter().filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect();
    there.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ours: Vec<&Spec> = wanted.iter().collect();
    ours.sort_by(|a, b| a.name.cmp(&b.name));
    let equal = there.len() == others.len() && there.iter().eq(ours);
    (!equal).then_some(kept)
}

#[cfg(test)]
mod tests;
