//! What a bot tells about itself.

use autocontent_content::{AccountId, ApplicationId};
use jiff::Timestamp;

/// How a bot is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is finding out who it is and connecting.
    Starting,
    /// It takes interactions.
    Ready,
    /// Something is in the way that may pass; it tries again by itself.
    Waiting {
        /// What, in a sentence for its owner.
        reason: String,
        /// When it tries again.
        until: Timestamp,
    },
    /// It was stopped, because that was wanted.
    Stopped,
    /// It gave up: only its owner can help. It starts again with another token, or when it was stopped and is wanted anew.
    Failed {
        /// What is wrong and what to do, in a sentence for its owner.
        reason: String,
    },
}

impl Status {
    /// Why it waits or failed.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Status::Waiting { reason, .. } | Status::Failed { reason } => Some(reason),
            Status::Starting | Status::Ready | Status::Stopped => None,
        }
    }
}

/// Who a bot is, as Discord says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its application.
    pub application: ApplicationId,
    /// The Ed25519 key, in hexadecimal, that signs its interactions by HTTP.
    pub public_key: String,
}

/// A change in how a bot is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotEvent {
    /// The bot's account.
    pub account: AccountId,
    /// How it is doing now.
    pub status: Status,
    /// Who it is, once known.
    pub identity: Option<Identity>,
}
