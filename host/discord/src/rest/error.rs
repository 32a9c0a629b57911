//! Why a call to Discord came to nothing.

use std::time::Duration;

use super::Endpoint;

/// Discord's code for a message that is not, or no longer, there.
pub(crate) const UNKNOWN_MESSAGE: u64 = 10_008;
/// Discord's code for an interaction that is answered already.
pub(crate) const ALREADY_ANSWERED: u64 = 40_060;

/// Why a call came to nothing. Holds no token: neither the bot's nor an interaction's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RestError {
    #[error("discord refuses the bot's token (401): copy the token from the developer portal again, or reset it there")]
    Unauthorized,
    #[error("discord refused {endpoint} with {status} (code {code}): {message}")]
    Refused {
        endpoint: Endpoint,
        status: u16,
        /// Discord's own number for it, 0 where it gave none.
        code: u64,
        message: String,
    },
    #[error("{endpoint} would have to wait {} s for discord's rate limit, longer than it is of use", wait.as_secs())]
    Limited { endpoint: Endpoint, wait: Duration },
    #[error("{endpoint} was not sent: too many of discord's answers were errors, and more would get this address banned; it goes on in {} s", wait.as_secs())]
    Guarded { endpoint: Endpoint, wait: Duration },
    #[error("{endpoint} did not reach discord")]
    Unreachable { endpoint: Endpoint, source: reqwest::Error },
    #[error("{endpoint} had no answer from discord in time")]
    TooLate { endpoint: Endpoint },
    #[error("discord answered {endpoint} with something else than its documentation says")]
    Unexpected { endpoint: Endpoint, source: serde_json::Error },
}

impl RestError {
    /// The error with what caused it, in one line.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}
