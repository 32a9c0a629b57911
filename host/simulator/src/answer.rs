//! What the app did with an interaction, as the member sees it.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::timeout;

use crate::{
    Message, Snowflake,
    live::{Live, Progress},
    message::EPHEMERAL,
    world::{World, lock},
};

/// An interaction under way or done; what became of it.
#[derive(Clone)]
pub struct Interaction {
    pub(crate) world: Arc<World>,
    pub(crate) live: Arc<Live>,
}

/// The first answer to an interaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Acknowledgement {
    /// What kind of answer it is.
    pub kind: CallbackKind,
    /// The `data` that the app sent; null where it sent none.
    pub data: Value,
    /// How long the app took, by the simulator's clock.
    pub after: Duration,
}

/// Discord's kinds of answers to an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CallbackKind {
    /// The answer to a ping.
    Pong = 1,
    /// A message.
    Message = 4,
    /// "Is thinking…", the message comes later.
    DeferredMessage = 5,
    /// For components: nothing is shown, the message changes later.
    DeferredUpdate = 6,
    /// For components: the message that carries them changes.
    Update = 7,
    /// Suggestions for an option.
    Choices = 8,
    /// A modal.
    Modal = 9,
}

/// A suggestion for an option.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent.
    pub value: Value,
}

/// Why there is nothing to see.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unanswered {
    /// "The application did not respond": nothing within 3 seconds.
    #[error("the application did not respond within 3 seconds")]
    TimedOut,
    /// The interactions endpoint answered with something that is no answer.
    #[error("the interactions endpoint failed: {reason}")]
    BadAnswer {
        /// What it was.
        reason: String,
    },
    /// The message was deleted.
    #[error("the message was deleted")]
    Deleted,
    /// The answer shows no message.
    #[error("the answer of kind {kind:?} shows no message")]
    NoMessage {
        /// What was answered.
        kind: CallbackKind,
    },
    /// What was waited for did not come within [`SimulatorConfig::patience`](crate::SimulatorConfig::patience).
    #[error("waited {patience:?} in vain for {what}")]
    Patience {
        /// How long.
        patience: Duration,
        /// For what.
        what: &'static str,
    },
}

impl Interaction {
    /// The interaction's id.
    pub fn id(&self) -> Snowflake {
        self.live.id
    }

    /// The token that callbacks and follow-ups carry.
    pub fn token(&self) -> &str {
        &self.live.token
    }

    /// Waits for the first answer.
    ///
    /// # Errors
    /// When there is none within 3 seconds of the simulator's clock, or it is no answer.
    pub async fn initial(&self) -> Result<Acknowledgement, Unanswered> {
        let answered = self.wait("the first answer", |progress| progress.acknowledgement.clone());
        tokio::select! {
            answered = answered => answered,
            () = self.world.clock.until(self.live.deadline() + 1) => {
                lock(&self.live.progress).acknowledgement.clone().ok_or(Unanswered::TimedOut)
            }
        }
    }

    /// Waits for the message that the member ends up with: the first answer, or what a deferred one became.
    /// For a component it is the message that carries it, where the answer changes that.
    ///
    /// # Errors
    /// When there is no answer, it shows no message, or it was deleted.
    pub async fn message(&self) -> Result<Message, Unanswered> {
        let kind = self.initial().await?.kind;
        if matches!(kind, CallbackKind::Choices | CallbackKind::Modal | CallbackKind::Pong) {
            return Err(Unanswered::NoMessage { kind });
        }
        let original = self.wait("the message", |progress| (!progress.awaiting).then_some(progress.original)).await?;
        original.and_then(|id| self.world.message(id)).ok_or(Unanswered::Deleted)
    }

    /// Waits until the message is as wanted.
    ///
    /// # Errors
    /// When it is not within the simulator's patience.
    pub async fn message_when(&self, wanted: impl Fn(&Message) -> bool) -> Result<Message, Unanswered> {
        let look = |progress: &Progress| progress.original.and_then(|id| self.world.message(id)).filter(&wanted);
        self.wait("the message to change", look).await
    }

    /// Waits until there are this many follow-up messages and returns them all.
    ///
    /// # Errors
    /// When there are fewer within the simulator's patience.
    pub async fn followups_when(&self, count: usize) -> Result<Vec<Message>, Unanswered> {
        self.wait("follow-ups", |progress| (progress.followups.len() >= count).then_some(())).await?;
        Ok(self.followups())
    }

    /// The follow-up messages so far, without deleted ones.
    pub fn followups(&self) -> Vec<Message> {
        let ids = lock(&self.live.progress).followups.clone();
        ids.into_iter().filter_map(|id| self.world.message(id)).collect()
    }

    async fn wait<T>(&self, what: &'static str, ready: impl Fn(&Progress) -> Option<T>) -> Result<T, Unanswered> {
        let patience = self.world.config.patience;
        let waiting = async {
            loop {
                let changed = self.live.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                {
                    let progress = lock(&self.live.progress);
                    if let Some(found) = ready(&progress) {
                        return Ok(found);
                    }
                    if let Some(failure) = &progress.failure {
                        return Err(failure.clone());
                    }
                }
                changed.await;
            }
        };
        timeout(patience, waiting).await.unwrap_or(Err(Unanswered::Patience { patience, what }))
    }
}

impl Acknowledgement {
    /// Whether only the member sees the answer.
    pub fn is_ephemeral(&self) -> bool {
        self.data["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0
    }

    /// The suggestions, where it is an answer to autocomplete.
    pub fn choices(&self) -> Vec<Choice> {
        let choices = self.data["choices"].as_array().into_iter().flatten();
        let choice = |json: &Value| Choice {
            name: json["name"].as_str().unwrap_or_default().to_owned(),
            value: json["value"].clone(),
        };
        choices.map(choice).collect()
    }
}

impl CallbackKind {
    pub(crate) fn from_number(number: u64) -> Option<CallbackKind> {
        Some(match number {
            1 => CallbackKind::Pong,
            4 => CallbackKind::Message,
            5 => CallbackKind::DeferredMessage,
            6 => CallbackKind::DeferredUpdate,
            7 => CallbackKind::Update,
            8 => CallbackKind::Choices,
            9 => CallbackKind::Modal,
            _ => return None,
        })
    }
}
