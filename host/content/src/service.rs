//! The service itself: what it holds, and its doors.

use std::sync::Arc;

use arc_swap::ArcSwap;
use autocontent_manifest::{ArgumentError, CommandLine, InvalidText, ProviderId};
use autocontent_runtime::{Clock, Random, Runtime};
use autocontent_store::{AccountId, DeliveryId, DeliveryState, Settled, Store};

use crate::answer::{Admitted, Work};
use crate::ask::{Ask, Asker, Notice, Press, Typing};
use crate::buttons::ButtonIds;
use crate::cache::AnswerCache;
use crate::calls::{Calls, CallsConfig, OnCall, count_deliveries};
use crate::catalogue::{Catalogue, CatalogueCommand};
use crate::contract::{Argument, Audience, Choice, Value};
use crate::cooldown::Cooldowns;
use crate::pseudonym::Pseudonyms;
use crate::reach::HttpSource;
use crate::selection::SeenBook;
use crate::{answer, arguments, press, suggest};

/// What the service is made of.
pub struct Parts {
    /// Runs the providers.
    pub runtime: Runtime,
    /// Keeps what must survive.
    pub store: Store,
    /// The providers' way to the network.
    pub http: HttpSource,
    /// What holds for calls of providers.
    pub calls: CallsConfig,
    /// Tells the time of deliveries and cooldowns.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub random: Arc<dyn Random>,
}

/// A typed command can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// It isn't written as a command is.
    #[error(transparent)]
    Line(#[from] InvalidText),
    /// There is no such command, or its options aren't filled in as it asks.
    #[error(transparent)]
    Arguments(#[from] ArgumentError),
}

/// The content service. Cheap to clone; all clones are the same service.
#[derive(Clone)]
pub struct Content {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    catalogue: ArcSwap<Catalogue>,
    calls: Calls,
    cooldowns: Cooldowns,
    answers: AnswerCache,
    seen: SeenBook,
    pseudonyms: Pseudonyms,
    buttons: ButtonIds,
}

impl Content {
    /// A service without providers; [`Content::reload`] brings in those that are installed.
    ///
    /// # Errors
    ///
    /// Where the keys for pseudonyms and buttons can't be read from the store, or made there.
    pub async fn new(parts: Parts) -> Result<Self, autocontent_store::StoreError> {
        let pseudonyms = Pseudonyms::new(&parts.store.service_key("pseudonyms").await?);
        let buttons = ButtonIds::new(&parts.store.service_key("buttons").await?);
        let seen = SeenBook::new(parts.store.clone());
        let calls = Calls::new(&parts.calls, &parts.clock, &parts.random);
        Ok(Self {
            inner: Arc::new(Inner {
                parts,
                calls,
                catalogue: ArcSwap::default(),
                cooldowns: Cooldowns::new(),
                answers: AnswerCache::new(),
                seen,
                pseudonyms,
                buttons,
            }),
        })
    }

    /// The commands that an account has now, sorted by name; none for an operator's preview.
    #[must_use]
    pub fn commands(&self, account: Option<AccountId>) -> Vec<CatalogueCommand> {
        self.inner.catalogue.load().commands(account)
    }

    /// Reads a command as a person types it, such as `/quote topic:courage`: its full name and its arguments.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the line, and what is allowed.
    pub fn read_line(&self, account: Option<AccountId>, line: &str) -> Result<(String, Vec<Argument>), LineError> {
        let line = CommandLine::parse(line)?;
        let commands = self.commands(account);
        let invocation = line.invocation(commands.iter().map(|one| &*one.command))?;
        let arguments = invocation.arguments(&line)?.into_iter().map(arguments::from_manifest).collect();
        Ok((invocation.full_name(), arguments))
    }

    /// Reads a command of which the option `option` is being typed, such as `/quote topic:cou`: its full name, what stands
    /// there so far, and the other options.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the line, and what is allowed.
    pub fn read_partial_line(
        &self,
        account: Option<AccountId>,
        line: &str,
        option: &str,
    ) -> Result<(String, String, Vec<Argument>), LineError> {
        let line = CommandLine::parse(line)?;
        let commands = self.commands(account);
        let invocation = line.invocation(commands.iter().map(|one| &*one.command))?;
        let (typed, arguments) = invocation.partial(&line, option)?;
        Ok((invocation.full_name(), typed, arguments.into_iter().map(arguments::from_manifest).collect()))
    }

    /// Checks a command against the catalogue and the policy.
    ///
    /// # Errors
    ///
    /// A refusal for this member alone, in their language.
    pub fn admit(&self, ask: Ask) -> Result<Admitted, Notice> {
        let locale = ask.asker.locale.clone();
        answer::admit(self, ask).map_err(|word| word.notice(&locale))
    }

    /// Checks a pressed button: whether this host made it, and whether its delivery may still be used so.
    ///
    /// # Errors
    ///
    /// A refusal for this member alone, in their language.
    pub async fn admit_press(&self, press: Press) -> Result<Admitted, Notice> {
        let locale = press.asker.locale.clone();
        press::admit(self, press).await.map_err(|word| word.notice(&locale))
    }

    /// What could be typed next: at most 25 choices; none where the provider can't say.
    pub async fn suggest(&self, typing: Typing) -> Vec<Choice> {
        suggest::suggest(self, &typing).await
    }

    /// Records whether a delivery arrived. Where that can't be recorded, it stays pending, and the next start of a
    /// host marks it as unconfirmed.
    pub async fn settle(&self, delivery: DeliveryId, outcome: Settled) {
        let state = match &outcome {
            Settled::Delivered { .. } => DeliveryState::Delivered,
            Settled::Failed { .. } => DeliveryState::Failed,
        };
        match self.store().settle(delivery, outcome, self.now()).await {
            Ok(()) => count_deliveries(state, 1),
            Err(error) => tracing::error!(%delivery, %error, "could not settle a delivery"),
        }
    }

    /// Writes to the database what was counted of calls and what providers logged since the last time. Whoever holds
    /// the service calls it every few seconds, and once before it stops.
    pub async fn flush(&self) {
        self.inner.calls.flush(self.store(), &*self.inner.parts.clock).await;
    }

    /// Forgets who used which command when, and which providers failed: no member has to wait and no provider is paused.
    /// For an author's tools, where nobody else is kept from anything.
    pub fn forgive(&self) {
        self.inner.cooldowns.forget();
        self.inner.calls.forgive();
    }

    /// Has each call of a provider told, from now on and for as long as the service lives. Whoever comes first is told; for
    /// another it does nothing.
    pub fn on_call(&self, told: OnCall) {
        // It fails only where somebody is told already.
        let _ = self.inner.calls.on_call.set(told);
    }

    pub(crate) fn admitted(&self, asker: Asker, work: Work) -> Admitted {
        Admitted { content: self.clone(), asker, work }
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.inner.parts.runtime
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.parts.store
    }

    pub(crate) fn http(&self) -> &HttpSource {
        &self.inner.parts.http
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.inner.parts.clock)
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.inner.parts.clock.now()
    }

    pub(crate) fn catalogue(&self) -> arc_swap::Guard<Arc<Catalogue>> {
        self.inner.catalogue.load()
    }

    pub(crate) fn replace_catalogue(&self, catalogue: Catalogue) {
        self.inner.catalogue.store(Arc::new(catalogue));
    }

    pub(crate) fn calls(&self) -> &Calls {
        &self.inner.calls
    }

    pub(crate) fn cooldowns(&self) -> &Cooldowns {
        &self.inner.cooldowns
    }

    pub(crate) fn answers(&self) -> &AnswerCache {
        &self.inner.answers
    }

    pub(crate) fn seen(&self) -> &SeenBook {
        &self.inner.seen
    }

    pub(crate) fn buttons(&self) -> &ButtonIds {
        &self.inner.buttons
    }

    /// An id for a new account.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        AccountId::new(self.now(), self.random())
    }

    pub(crate) fn delivery_id(&self) -> DeliveryId {
        DeliveryId::new(self.now(), self.random())
    }

    fn random(&self) -> [u8; 10] {
        let mut random = [0; 10];
        self.inner.parts.random.fill(&mut random);
        random
    }

    /// The asker as one provider knows them.
    pub(crate) fn audience(&self, provider: &ProviderId, asker: &Asker) -> Audience {
        let pseudonym = |kind, id: &dyn std::fmt::Display| self.inner.pseudonyms.of(provider, kind, id);
        Audience {
            user: asker.member.map_or_else(|| "operator".to_owned(), |member| pseudonym("user", &member)),
            scope: pseudonym("scope", &asker.audience()),
            place: asker.place,
            locale: asker.locale.clone(),
            sensitive_allowed: asker.age_restricted,
        }
    }

    /// The arguments as one provider may see them: without Discord's ids.
    pub(crate) fn arguments_for(&self, provider: &ProviderId, arguments: &[Argument]) -> Vec<Argument> {
        let pseudonym = |kind, id: &str| self.inner.pseudonyms.of(provider, kind, id);
        let mut arguments = arguments.to_vec();
        for argument in &mut arguments {
            match &mut argument.value {
                Value::User(id) => *id = pseudonym("user", id),
                Value::Channel(id) => *id = pseudonym("channel", id),
                Value::Role(id) => *id = pseudonym("role", id),
                Value::Text(_) | Value::Integer(_) | Value::Number(_) | Value::Boolean(_) | Value::Attachment(_) => {}
            }
        }
        arguments
    }
}

impl Asker {
    /// Who sees the answer, for the history: nobody is shown the same twice.
    pub(crate) fn audience(&self) -> String {
        match (self.guild, self.channel, self.member) {
            (Some(guild), ..) => format!("guild:{guild}"),
            (None, Some(channel), _) => format!("channel:{channel}"),
            (None, None, Some(member)) => format!("member:{member}"),
            (None, None, None) => "operator".to_owned(),
        }
    }
}
