//! What a guild keeps.

use autocontent_sdk::markdown::escape;
use autocontent_sdk::prelude::*;
use autocontent_sdk::storage::{self, Scope};

use crate::Kind;

// ANCHOR: remember
/// Shows the guild's motto, after setting it where there is a new one.
pub(crate) fn motto(new: Option<&str>) -> Result<Page, Failure> {
    if let Some(new) = new {
        storage::set(Scope::Place, "motto", new, None)?;
    }
    let kept = storage::get(Scope::Place, "motto")?.ok_or(Failure::NothingFound)?;
    // What a member typed is shown as it is, and not as Markdown.
    let motto = escape(&String::from_utf8_lossy(&kept));
    Ok(Item::new("motto", Kind::Note).title("Our motto").text(motto).into())
}
// ANCHOR_END: remember

// ANCHOR: count
/// Counts in one step, so that two members who cheer at once are both counted.
pub(crate) fn cheer() -> Result<Page, Failure> {
    let cheers = storage::increment(Scope::Place, "cheers", 1)?;
    Ok(Item::new(format!("cheer-{cheers}"), Kind::Note).title(format!("Hooray! Cheers so far: {cheers}")).into())
}
// ANCHOR_END: count
