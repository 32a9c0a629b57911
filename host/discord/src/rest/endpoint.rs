//! The routes that are called, by name: what a limit or an error is about.

use std::fmt;

/// A route and its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Endpoint {
    GatewayBot,
    Application,
    Commands,
    PutCommands,
    Callback,
    EditOriginal,
    DeleteOriginal,
    FollowUp,
    DeleteMessage,
}

impl Endpoint {
    /// Whether Discord leaves it out of the 50 requests a second.
    pub(crate) fn exempt_from_global(self) -> bool {
        self == Endpoint::Callback
    }

    /// Whether it is an interaction's token that lets the call in, so that a 401 says nothing about the bot's.
    pub(crate) fn uses_interaction_token(self) -> bool {
        matches!(self, Endpoint::Callback | Endpoint::EditOriginal | Endpoint::DeleteOriginal | Endpoint::FollowUp)
    }
}

/// As Discord's documentation writes it, such as "GET /gateway/bot".
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Endpoint::GatewayBot => "GET /gateway/bot",
            Endpoint::Application => "GET /applications/@me",
            Endpoint::Commands => "GET /applications/{id}/commands",
            Endpoint::PutCommands => "PUT /applications/{id}/commands",
            Endpoint::Callback => "POST /interactions/{id}/{token}/callback",
            Endpoint::EditOriginal => "PATCH /webhooks/{id}/{token}/messages/@original",
            Endpoint::DeleteOriginal => "DELETE /webhooks/{id}/{token}/messages/@original",
            Endpoint::FollowUp => "POST /webhooks/{id}/{token}",
            Endpoint::DeleteMessage => "DELETE /channels/{id}/messages/{id}",
        })
    }
}
