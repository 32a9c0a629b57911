//! A bot as tests hold it: what it did, and what members do with it.

use std::sync::{Arc, atomic::Ordering};

use serde_json::Value;
use tokio::time::timeout;
use url::Url;

use crate::{
    Channel, Choice, Counts, Fault, Interaction, Invocation, InvokeError, Load, LoadReport, Member, Message, Snowflake,
    Unanswered,
    app::App,
    endpoint::{self, EndpointRefused},
    gateway::Out,
    invocation::{Strictness, command_data},
    launch::{Deed, launch},
    live::{InteractionKind, Scene},
    load_run, payload,
    world::{World, lock, read, write},
};

/// An application with its bot.
#[derive(Clone)]
pub struct Bot {
    pub(crate) world: Arc<World>,
    pub(crate) app: Arc<App>,
}

/// Why autocomplete gave no suggestions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SuggestError {
    /// The member could not ask.
    #[error(transparent)]
    Invoke(#[from] InvokeError),
    /// The app did not answer.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
}

impl Bot {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.app.name
    }

    /// Its token, the new one after a reset.
    pub fn token(&self) -> String {
        read(&self.app.token).clone()
    }

    /// How often its token was reset, by running out of identifies or by [`Fault::InvalidateToken`].
    pub fn token_resets(&self) -> u32 {
        self.app.token_resets.load(Ordering::Relaxed)
    }

    /// Its application's id, which is its user id too.
    pub fn application_id(&self) -> Snowflake {
        self.app.id
    }

    /// The public key of its HTTP interactions, in hexadecimal.
    pub fn verify_key(&self) -> String {
        self.app.verify_key()
    }

    /// The gateway address that `GET /gateway/bot` gives it.
    pub fn gateway_url(&self) -> String {
        self.world.gateway_url_of(&self.app)
    }

    /// Lets it ask for these privileged intents (guild members 1 << 1, presences 1 << 8, message content 1 << 15).
    pub fn allow_intents(&self, bits: u64) {
        self.app.privileged.store(bits, Ordering::Relaxed);
    }

    /// What happened on its sockets so far.
    pub fn counts(&self) -> Counts {
        *self.app.counts.borrow()
    }

    /// How many of its sessions are connected now.
    pub fn connections(&self) -> u64 {
        self.counts().connections
    }

    /// How many IDENTIFYs it sent.
    pub fn identifies(&self) -> u64 {
        self.counts().identifies
    }

    /// How many RESUMEs it sent.
    pub fn resumes(&self) -> u64 {
        self.counts().resumes
    }

    /// The command objects that it registered.
    pub fn commands(&self) -> Vec<Value> {
        lock(&self.app.commands).list.clone()
    }

    /// Waits until the counts are as wanted.
    ///
    /// # Errors
    /// When they are not within the simulator's patience.
    pub async fn until(&self, wanted: impl Fn(&Counts) -> bool) -> Result<Counts, Unanswered> {
        let patience = self.world.config.patience;
        let mut counts = self.app.counts.subscribe();
        let counts = timeout(patience, counts.wait_for(|counts| wanted(counts))).await;
        // The sender lives in `self`, so only the patience can end.
        match counts {
            Ok(Ok(counts)) => Ok(*counts),
            _ => Err(Unanswered::Patience { patience, what: "the bot's counts" }),
        }
    }

    /// Waits until it can be given interactions: a session is connected. A bot with an interactions endpoint is ready.
    ///
    /// # Errors
    /// When it is not within the simulator's patience.
    pub async fn until_ready(&self) -> Result<(), Unanswered> {
        if read(&self.app.endpoint).is_some() {
            return Ok(());
        }
        self.until(|counts| counts.connections > 0).await.map(|_| ())
    }

    /// Waits until a command of this name is registered.
    ///
    /// # Errors
    /// When it is not within the simulator's patience.
    pub async fn until_command(&self, name: &str) -> Result<(), Unanswered> {
        self.until(|_| lock(&self.app.commands).list.iter().any(|command| command["name"] == name)).await.map(|_| ())
    }

    /// A member runs a command, as it is registered and as Discord's clients let them.
    ///
    /// # Errors
    /// When a client would not let them, or the bot can't be reached.
    pub fn run(&self, invocation: &Invocation) -> Result<Interaction, InvokeError> {
        self.invoke(invocation, Strictness::Sent, InteractionKind::Command)
    }

    /// Sends a command as it stands here, whatever is registered: for what a client with an old list, or no client at
    /// all, would send.
    ///
    /// # Errors
    /// When the bot can't be reached.
    pub fn run_unchecked(&self, invocation: &Invocation) -> Result<Interaction, InvokeError> {
        self.invoke(invocation, Strictness::Unchecked, InteractionKind::Command)
    }

    /// A member types into the option `focused`; the value given for it is what stands there so far.
    ///
    /// # Errors
    /// When a client would not ask for suggestions, or none came.
    pub async fn autocomplete(&self, invocation: &Invocation, focused: &str) -> Result<Vec<Choice>, SuggestError> {
        let asked = self.invoke(invocation, Strictness::Typing(focused), InteractionKind::Autocomplete)?;
        Ok(asked.initial().await?.choices())
    }

    /// A member presses a button of a message, named by custom id, label or emoji.
    ///
    /// # Errors
    /// When the message has no such button, it can't be pressed, or the bot can't be reached.
    pub fn press(&self, message: &Message, which: &str, member: &Member) -> Result<Interaction, InvokeError> {
        // As it stands now: it may have been edited since the test looked.
        let message = self.world.message(message.id).unwrap_or_else(|| message.clone());
        let custom_id = pressable(&message, which)?;
        let channel = read(&self.world.places).channels.get(&message.channel).cloned();
        let channel = channel.ok_or_else(|| no_button(&message, which))?;
        let scene = Arc::new(Scene { channel, member: member.clone() });
        let deed = Deed {
            kind: InteractionKind::Component,
            data: payload::press(&custom_id),
            scene,
            message: Some((message.id, message.json)),
        };
        self.launch(&deed)
    }

    /// Lets something go wrong with this bot.
    pub fn fault(&self, fault: Fault) {
        let tell = |out: &Out| lock(&self.app.gateway).tell_all(out);
        match fault {
            Fault::Close(code) => tell(&Out::Close(code)),
            Fault::Reconnect => tell(&Out::Frame(r#"{"t":null,"s":null,"op":7,"d":null}"#.into())),
            Fault::InvalidSession { resumable } => {
                let mut gateway = lock(&self.app.gateway);
                gateway.tell_all(&Out::Frame(format!(r#"{{"t":null,"s":null,"op":9,"d":{resumable}}}"#).into()));
                if !resumable {
                    gateway.forget_sessions();
                    drop(gateway);
                    self.app.counts.send_modify(|counts| counts.connections = 0);
                }
            }
            Fault::Cut => tell(&Out::Cut),
            Fault::Reset => tell(&Out::Reset),
            Fault::Deaf => tell(&Out::Deaf),
            Fault::AskHeartbeat => tell(&Out::Frame(r#"{"t":null,"s":null,"op":1,"d":null}"#.into())),
            Fault::At(moment, how, times) => lock(&self.app.faults).add_socket(moment, how, times),
            Fault::Rest(fault, endpoint, times) => lock(&self.app.faults).add_rest(fault, endpoint, times),
            Fault::InvalidateToken => {
                self.world.reset_token(&self.app);
            }
        }
    }

    /// Ends every fault that waits for its moment. What happened stays so.
    pub fn heal(&self) {
        lock(&self.app.faults).clear();
    }

    /// Has interactions posted to this address instead of sent through the gateway, as its owner does in the
    /// developer portal: only if it answers a signed ping and refuses a badly signed one. None goes back.
    ///
    /// # Errors
    /// When the address fails the test.
    pub async fn set_interactions_endpoint(&self, url: Option<Url>) -> Result<(), EndpointRefused> {
        if let Some(url) = &url {
            endpoint::check(&self.world, &self.app, url).await?;
        }
        *write(&self.app.endpoint) = url;
        // Wakes whoever waits for the bot to be ready.
        self.app.counts.send_modify(|_| ());
        Ok(())
    }

    /// Posts a badly signed ping to its interactions endpoint, as Discord does now and then; one that does not answer
    /// 401 is dropped.
    ///
    /// # Errors
    /// When it has none, or it took the ping.
    pub async fn probe_interactions_endpoint(&self) -> Result<(), EndpointRefused> {
        endpoint::probe(&self.world, &self.app).await
    }

    /// Puts a load on the bot and reports what became of each interaction.
    ///
    /// # Errors
    /// When a client would not let a member do it, or the bot can't be reached.
    pub async fn flood(&self, load: &Load) -> Result<LoadReport, InvokeError> {
        load_run::run(&self.world, &self.app, load).await
    }

    fn invoke(
        &self,
        invocation: &Invocation,
        strictness: Strictness<'_>,
        kind: InteractionKind,
    ) -> Result<Interaction, InvokeError> {
        let data = command_data(&lock(&self.app.commands).list, invocation, strictness)?;
        let scene = scene(&invocation.channel, &invocation.member);
        self.launch(&Deed { kind, data, scene, message: None })
    }

    fn launch(&self, deed: &Deed) -> Result<Interaction, InvokeError> {
        let live = launch(&self.world, &self.app, deed)?;
        Ok(Interaction { world: Arc::clone(&self.world), live })
    }
}

pub(crate) fn scene(channel: &Channel, member: &Member) -> Arc<Scene> {
    Arc::new(Scene { channel: channel.clone(), member: member.clone() })
}

/// The custom id of a button, if it can be pressed.
pub(crate) fn pressable(message: &Message, which: &str) -> Result<String, InvokeError> {
    let button = message.button(which).filter(|button| !button.disabled);
    button.and_then(|button| button.custom_id).ok_or_else(|| no_button(message, which))
}

fn no_button(message: &Message, which: &str) -> InvokeError {
    let name = |button: crate::Button| format!("{} ({})", button.label, button.custom_id.unwrap_or_default());
    InvokeError::Button { which: which.to_owned(), buttons: message.buttons().into_iter().map(name).collect() }
}
