//! One interaction and the ways to answer it: the first answer by callback or as the body of an HTTP response, and
//! whatever follows by the interaction's webhook.

use bytes::Bytes;
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::Instant,
};

use crate::{
    interaction::Interaction,
    render::{self, Message, kind},
    rest::{InteractionRef, Payload, Rest, RestError},
};

/// How the first answer reaches Discord.
pub(crate) enum First {
    /// By a call of ours.
    Callback,
    /// As the body of the response to Discord's HTTP request.
    Body(oneshot::Sender<Bytes>),
}

/// One of the interactions that a bot works on at a time.
pub(crate) type Turn = OwnedSemaphorePermit;

/// Why an answer did not reach Discord.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undelivered {
    #[error(transparent)]
    Rest(#[from] RestError),
    #[error("the answer could not be written as JSON")]
    Json(#[from] serde_json::Error),
    #[error("discord closed its HTTP request before the answer was there")]
    Gone,
    #[error("the interaction was answered already")]
    Answered,
}

impl Undelivered {
    /// With what caused it, in one line; holds no token.
    pub(crate) fn chain(&self) -> String {
        match self {
            Undelivered::Rest(error) => error.chain(),
            other => other.to_string(),
        }
    }

    /// Whether Discord surely did not take the answer.
    pub(crate) fn is_certain(&self) -> bool {
        !matches!(
            self,
            Undelivered::Rest(
                RestError::Unreachable { .. } | RestError::TooLate { .. } | RestError::Refused { status: 500.., .. }
            )
        )
    }
}

/// An interaction that is being answered.
pub(crate) struct Exchange<'a> {
    rest: &'a Rest,
    interaction: &'a Interaction,
    received: Instant,
    first: Option<First>,
    /// Whether the first answer goes as a response's body.
    by_body: bool,
    /// Given back when all is answered.
    _turn: Turn,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(
        rest: &'a Rest,
        interaction: &'a Interaction,
        received: Instant,
        first: First,
        turn: Turn,
    ) -> Exchange<'a> {
        let by_body = matches!(first, First::Body(_));
        Exchange { rest, interaction, received, first: Some(first), by_body, _turn: turn }
    }

    /// Whether the first answer can be this message. A response's body can't carry files.
    pub(crate) fn can_begin_with(&self, message: &Message) -> bool {
        !self.by_body || !message.has_files()
    }

    /// Gives the first answer. The message's id is known only after a callback that `wants_message`.
    pub(crate) async fn begin(&mut self, payload: &Payload, wants_message: bool) -> Result<Option<u64>, Undelivered> {
        match self.first.take().ok_or(Undelivered::Answered)? {
            First::Callback => Ok(self.rest.callback(self.of(), payload, wants_message).await?),
            First::Body(response) => {
                response.send(payload.json.clone()).map_err(|_| Undelivered::Gone)?;
                Ok(None)
            }
        }
    }

    /// Says that there will be an answer: "thinking", for this member alone if `private`, or nothing to be seen.
    pub(crate) async fn defer(&mut self, how: Deferral) -> Result<(), Undelivered> {
        let payload = match how {
            Deferral::Public => render::acknowledgement(kind::DEFER, false)?,
            Deferral::Private => render::acknowledgement(kind::DEFER, true)?,
            Deferral::InPlace => render::acknowledgement(kind::DEFER_UPDATE, false)?,
        };
        self.begin(&payload, false).await.map(|_| ())
    }

    /// Fills in what was deferred, or changes the message that carries the pressed button.
    pub(crate) async fn edit(&self, message: Message) -> Result<u64, Undelivered> {
        Ok(self.rest.edit_original(self.of(), &message.edit()?).await?)
    }

    /// Sends another message.
    pub(crate) async fn follow_up(&self, message: Message) -> Result<u64, Undelivered> {
        Ok(self.rest.follow_up(self.of(), &message.follow_up()?).await?)
    }

    /// Takes the first answer back.
    pub(crate) async fn take_back(&self) -> Result<(), Undelivered> {
        Ok(self.rest.delete_original(self.of()).await?)
    }

    fn of(&self) -> InteractionRef<'_> {
        InteractionRef {
            id: self.interaction.id,
            application: self.interaction.application,
            token: &self.interaction.token,
            received: self.received,
        }
    }
}

/// What a member sees until there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deferral {
    /// "thinking", seen by all; so will be what it is edited to.
    Public,
    /// "thinking", seen by the member alone; so will be what it is edited to.
    Private,
    /// Nothing; the message that carries the button can be edited.
    InPlace,
}
