//! The state of one interaction.

use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, OwnedSemaphorePermit};

use crate::{Acknowledgement, Channel, Member, Snowflake, Unanswered, limits::Bucket, load::Ticket, world::lock};

/// An interaction must be answered within this many milliseconds.
const ANSWER_WITHIN: u64 = 3_000;
/// Its token is good for this many milliseconds.
const TOKEN_LIVES: u64 = 15 * 60 * 1_000;

/// Discord's kinds of interactions that the simulator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InteractionKind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
}

/// Who acts, and where.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) channel: Channel,
    pub(crate) member: Member,
}

/// An interaction, from when it was made until its token is forgotten.
pub(crate) struct Live {
    pub(crate) id: Snowflake,
    pub(crate) token: Box<str>,
    pub(crate) kind: InteractionKind,
    /// Milliseconds since the Unix epoch.
    pub(crate) created: u64,
    pub(crate) scene: Arc<Scene>,
    /// The message that carries the component.
    pub(crate) source: Option<Snowflake>,
    pub(crate) progress: Mutex<Progress>,
    pub(crate) changed: Notify,
    /// Its part in a load; messages of such interactions are not kept.
    pub(crate) ticket: Option<Ticket>,
}

/// How far the answer has come.
#[derive(Default)]
pub(crate) struct Progress {
    pub(crate) acknowledgement: Option<Acknowledgement>,
    /// A deferred answer that has not come yet.
    pub(crate) awaiting: bool,
    /// What `@original` means.
    pub(crate) original: Option<Snowflake>,
    pub(crate) followups: Vec<Snowflake>,
    pub(crate) failure: Option<Unanswered>,
    /// The limit that the webhook routes of this token share.
    pub(crate) bucket: Bucket,
    /// Its permit in a load, given back with the first answer.
    pub(crate) permit: Option<OwnedSemaphorePermit>,
    /// Where the load keeps its measurement.
    pub(crate) slot: Option<usize>,
}

impl Live {
    pub(crate) fn deadline(&self) -> u64 {
        self.created + ANSWER_WITHIN
    }

    pub(crate) fn expires(&self) -> u64 {
        self.created + TOKEN_LIVES
    }

    /// Changes the progress and wakes whoever waits for it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        let result = change(&mut lock(&self.progress));
        self.changed.notify_waiters();
        result
    }

    pub(crate) fn fail(&self, failure: Unanswered) {
        self.change(|progress| progress.failure = Some(failure));
    }
}
