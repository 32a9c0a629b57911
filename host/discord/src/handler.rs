//! From an interaction to its answer, the same for both transports.
//!
//! Discord wants the first answer within 3 s. Whether a request is admitted is known at once, so a refusal is private;
//! an answer that is there within 1.5 s is given directly, and one that is not is deferred and filled in later, at most
//! 14 minutes later. Whatever the content service does, the three seconds are kept.

use std::{pin::pin, time::Duration};

use autocontent_content::{
    AccountId, Admitted, ChannelId, Content, DeliveryId, MessageId, Notice, Press, Reply, Settled, Shown, Typing,
};
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument as _, Span};

use crate::{
    exchange::{Deferral, Exchange, First, Turn, Undelivered},
    interaction::{self, Deed, Interaction},
    render::{self, Message, kind},
    rest::{Payload, Rest, TOKEN_TIME},
    words::Word,
};

/// An answer that is there in this time is given directly. Half of Discord's 3 s: the rest is for the way of a defer.
const DIRECT: Duration = Duration::from_millis(1_500);
/// Suggestions that are not there in this time are none.
const SUGGESTIONS: Duration = Duration::from_millis(2_200);

/// What answering needs.
pub(crate) struct Handler {
    pub(crate) account: AccountId,
    pub(crate) content: Content,
    pub(crate) rest: Rest,
}

impl Handler {
    /// Answers an interaction that arrived at `received`. What goes wrong is logged here, and a delivery settled.
    pub(crate) async fn handle(&self, text: &str, received: Instant, first: First, turn: Turn) {
        let Some((interaction, deed)) = self.read(text) else { return };
        let span = self.span(&deed);
        self.carry_out(&interaction, deed, received, first, turn).instrument(span).await;
    }

    /// What is done for an interaction is seen below this in traces. It names no member and no place.
    fn span(&self, deed: &Deed) -> Span {
        let (kind, command) = match deed {
            Deed::Ping => ("ping", None),
            Deed::Command(ask) => ("command", Some(ask.command.as_str())),
            Deed::Typing(typing) => ("typing", Some(typing.command.as_str())),
            Deed::Press(_) => ("press", None),
            Deed::Other(_) => ("other", None),
        };
        tracing::debug_span!("interaction", account = %self.account, kind, command)
    }

    async fn carry_out(&self, interaction: &Interaction, deed: Deed, received: Instant, first: First, turn: Turn) {
        let mut exchange = Exchange::new(&self.rest, interaction, received, first, turn);
        match deed {
            Deed::Ping => {
                let pong = render::acknowledgement(kind::PONG, false);
                self.report(begin(&mut exchange, pong).await, "a ping");
            }
            Deed::Typing(typing) => self.suggest(&mut exchange, typing, received).await,
            Deed::Command(ask) => {
                let admitted = self.content.admit(ask);
                self.converse(&mut exchange, interaction, admitted, received, false).await;
            }
            Deed::Press(press) => {
                let admitted = self.admit_press(press, received, &interaction.locale).await;
                self.converse(&mut exchange, interaction, admitted, received, true).await;
            }
            Deed::Other(kind) => {
                tracing::info!(account = %self.account, kind, "an interaction that this host never offers is not answered");
            }
        }
    }

    /// Tells the member, and nobody else, that too much is going on.
    pub(crate) async fn refuse(&self, text: &str, received: Instant, first: First, turn: Turn) {
        let Some((interaction, deed)) = self.read(text) else { return };
        let mut exchange = Exchange::new(&self.rest, &interaction, received, first, turn);
        let payload = match deed {
            Deed::Typing(_) => render::choices(&[]),
            Deed::Ping => render::acknowledgement(kind::PONG, false),
            _ => Message::notice(&Word::Busy.notice(&interaction.locale)).callback(kind::MESSAGE),
        };
        self.report(begin(&mut exchange, payload).await, "a refusal");
    }

    fn read(&self, text: &str) -> Option<(Interaction, Deed)> {
        interaction::read(text, self.account)
            .inspect_err(|error| tracing::warn!(account = %self.account, %error, "an interaction can't be read"))
            .ok()
    }

    async fn suggest(&self, exchange: &mut Exchange<'_>, typing: Typing, received: Instant) {
        let choices = timeout_at(received + SUGGESTIONS, self.content.suggest(typing)).await.unwrap_or_default();
        self.report(begin(exchange, render::choices(&choices)).await, "suggestions");
    }

    async fn admit_press(&self, press: Press, received: Instant, locale: &str) -> Result<Admitted, Notice> {
        match timeout_at(received + DIRECT, self.content.admit_press(press)).await {
            Ok(admitted) => admitted,
            Err(_) => Err(Word::Busy.notice(locale)),
        }
    }

    async fn converse(
        &self,
        exchange: &mut Exchange<'_>,
        interaction: &Interaction,
        admitted: Result<Admitted, Notice>,
        received: Instant,
        pressed: bool,
    ) {
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(notice) => {
                let refusal = Message::notice(&notice).callback(kind::MESSAGE);
                return self.report(begin(exchange, refusal).await, "a refusal");
            }
        };
        let deferral = match admitted.shown() {
            Shown::ToAll => Deferral::Public,
            Shown::InPlace if pressed => Deferral::InPlace,
            Shown::Privately | Shown::InPlace => Deferral::Private,
        };
        let mut answer = pin!(admitted.answer());
        if let Ok(reply) = timeout_at(received + DIRECT, &mut answer).await {
            return self.at_once(exchange, interaction, reply, deferral).await;
        }
        let (deferred, reply) = tokio::join!(exchange.defer(deferral), timeout_at(received + TOKEN_TIME, answer));
        let reply = reply.unwrap_or_else(|_| Reply::Notice(Word::TooLate.notice(&interaction.locale)));
        match deferred {
            Err(error) if error.is_certain() => self.lost(&reply, error).await,
            Ok(()) | Err(_) => self.later(exchange, interaction, reply, deferral).await,
        }
    }

    /// Gives a reply that came in time for a first answer.
    async fn at_once(&self, exchange: &mut Exchange<'_>, interaction: &Interaction, reply: Reply, deferral: Deferral) {
        match reply {
            Reply::Post(post) => {
                let message = Message::post(&post, interaction.attachment_limit);
                if !exchange.can_begin_with(&message) {
                    let deferral = if post.private { Deferral::Private } else { deferral };
                    return match exchange.defer(deferral).await {
                        Err(error) if error.is_certain() => self.lost(&Reply::Post(post), error).await,
                        Ok(()) | Err(_) => self.later(exchange, interaction, Reply::Post(post), deferral).await,
                    };
                }
                let sent = match message.callback(kind::MESSAGE) {
                    Ok(payload) => exchange.begin(&payload, true).await,
                    Err(error) => Err(error.into()),
                };
                self.settle(post.delivery, sent).await;
            }
            Reply::Buttons { rows } => {
                let update = Message::buttons(&rows).callback(kind::UPDATE);
                self.report(begin(exchange, update).await, "new buttons");
            }
            Reply::Notice(notice) => {
                self.report(begin(exchange, Message::notice(&notice).callback(kind::MESSAGE)).await, "a notice");
            }
            Reply::Menu { notice, rows } => {
                self.report(begin(exchange, Message::menu(&notice, &rows).callback(kind::MESSAGE)).await, "a menu");
            }
            Reply::Items { notice, items } => {
                self.report(begin(exchange, Message::items(&notice, &items).callback(kind::MESSAGE)).await, "a list");
            }
            Reply::Delete { channel, message, notice } => {
                // The private menu that carries the button is replaced by what came of it.
                let (deferred, notice) = tokio::join!(
                    exchange.defer(Deferral::InPlace),
                    self.delete(channel, message, notice, &interaction.locale)
                );
                self.report(deferred, "a deferral");
                self.report(exchange.edit(Message::instead(&notice)).await.map(|_| ()), "a notice");
            }
        }
    }

    /// Gives a reply after a deferral, in its place where it is seen by the same people.
    async fn later(&self, exchange: &Exchange<'_>, interaction: &Interaction, reply: Reply, deferral: Deferral) {
        let (message, private) = match &reply {
            Reply::Post(post) => (Message::post(post, interaction.attachment_limit), post.private),
            Reply::Notice(notice) => (Message::notice(notice), true),
            Reply::Menu { notice, rows } => (Message::menu(notice, rows), true),
            Reply::Items { notice, items } => (Message::items(notice, items), true),
            Reply::Delete { channel, message, notice } => {
                let notice = self.delete(*channel, *message, notice.clone(), &interaction.locale).await;
                (Message::notice(&notice), true)
            }
            Reply::Buttons { rows } => {
                let edited = exchange.edit(Message::buttons(rows)).await;
                return self.report(edited.map(|_| ()), "new buttons");
            }
        };
        let sent = match (deferral, private) {
            (Deferral::Public, false) | (Deferral::Private, true) => exchange.edit(message).await,
            (Deferral::InPlace, _) => exchange.follow_up(message).await,
            (Deferral::Public, true) | (Deferral::Private, false) => {
                // Who sees a deferral can't be changed. A message after it would still take its place, so it goes first.
                self.report(exchange.take_back().await, "a deferral");
                exchange.follow_up(message).await
            }
        };
        match reply {
            Reply::Post(post) => self.settle(post.delivery, sent.map(Some)).await,
            _ => self.report(sent.map(|_| ()), "a reply"),
        }
    }

    async fn delete(&self, channel: ChannelId, message: MessageId, done: Notice, locale: &str) -> Notice {
        match self.rest.delete_message(channel, message.get()).await {
            Ok(()) => done,
            Err(error) => {
                tracing::warn!(account = %self.account, %channel, error = %error.chain(), "a message could not be deleted");
                Word::CannotDelete.notice(locale)
            }
        }
    }

    /// Settles what could not even be deferred.
    async fn lost(&self, reply: &Reply, error: Undelivered) {
        match reply {
            Reply::Post(post) => self.settle(post.delivery, Err(error)).await,
            Reply::Buttons { .. }
            | Reply::Notice(_)
            | Reply::Menu { .. }
            | Reply::Items { .. }
            | Reply::Delete { .. } => {
                self.report(Err(error), "a reply");
            }
        }
    }

    async fn settle(&self, delivery: DeliveryId, sent: Result<Option<u64>, Undelivered>) {
        let settled = match sent {
            Ok(message) => Settled::Delivered { message: message.map(MessageId::new) },
            Err(error) => {
                let reason = error.chain();
                tracing::warn!(account = %self.account, %delivery, reason, "a delivery failed");
                Settled::Failed { reason }
            }
        };
        self.content.settle(delivery, settled).await;
    }

    fn report(&self, sent: Result<(), Undelivered>, what: &str) {
        if let Err(error) = sent {
            tracing::warn!(account = %self.account, error = %error.chain(), "{what} was not delivered");
        }
    }
}

/// Gives a first answer that nothing has to be known of afterwards.
async fn begin(exchange: &mut Exchange<'_>, payload: serde_json::Result<Payload>) -> Result<(), Undelivered> {
    exchange.begin(&payload?, false).await.map(|_| ())
}
