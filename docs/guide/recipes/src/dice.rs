//! An item with a button of its own.

use autocontent_sdk::prelude::*;
use autocontent_sdk::system::Random;
use autocontent_sdk::{Action, ActionStyle};

use crate::Kind;

/// The button that throws again.
pub(crate) const AGAIN: &str = "again";

// ANCHOR: buttons
/// Throws for the first time.
pub(crate) fn throw() -> Item {
    throw_for(1)
}

/// Throws again. The state is what the item before it carried; it is the host's, so no member can have changed it.
pub(crate) fn throw_again(state: Option<&str>) -> Item {
    let thrown: u32 = state.and_then(|state| state.parse().ok()).unwrap_or_default();
    throw_for(thrown.saturating_add(1))
}

fn throw_for(time: u32) -> Item {
    let eyes = Random::new().below(6) + 1;
    Item::new(format!("throw-{time}-{eyes}"), Kind::Note)
        .title(format!("Throw {time}: {eyes}"))
        .action(Action::new(AGAIN, "Throw again").style(ActionStyle::Primary))
        .state(time.to_string())
}
// ANCHOR_END: buttons
