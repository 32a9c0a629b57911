//! A harness runs one component as a host would: the same service, sandbox and gate, with production's limits, on a database
//! that is thrown away. What differs is around it: a clock that stands, seeded randomness, members with numbers, everything
//! granted that the manifest asks for, and recordings in place of the network.
//!
//! - `setup`: how a harness is opened; `clock`: the time that a provider is told
//! - `who`: who asks, and where
//! - `ran`: what comes of a command; `shown`: the message as Discord would show it; `item`: what the provider said, in the
//!   contract's words
//! - `witness`: what the provider did meanwhile
//! - `storage`: what it keeps

mod clock;
mod error;
mod item;
mod ran;
mod setup;
mod shown;
mod storage;
mod who;
mod witness;

use std::path::PathBuf;
use std::sync::Arc;

use autocontent_content::{
    AccountId, Ask, CatalogueCommand, Clock as _, Content, Inspection, Press, Reply, Settled, Trigger, Typing,
};
use autocontent_manifest::{Manifest, ProviderId};
use autocontent_recordings::{Player, Recorder};
use autocontent_runtime::Runtime;
use autocontent_store::Store;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::sync::Mutex;

use self::clock::HarnessClock;
use self::shown::Screen;
use self::witness::Witness;

pub use clock::Time;
pub use error::HarnessError;
pub use item::item_json;
pub use ran::{LogRecord, Ran, Suggested};
pub use setup::{Setup, Traffic};
pub use shown::{Shown, ShownButton, ShownFile};
pub use storage::{StorageEntry, StorageScope};
pub use who::{PlaceKind, Who};
pub use witness::{CallRecord, CallUsage, FetchRecord};

/// A provider that can be tried. What is done with it, is done one after the other.
pub struct Harness {
    runtime: Runtime,
    content: Content,
    store: Store,
    account: AccountId,
    clock: Arc<HarnessClock>,
    witness: Arc<Witness>,
    played: Option<Arc<Player>>,
    recorded: Option<(Arc<Recorder>, PathBuf)>,
    state: Mutex<State>,
    provider: std::sync::Mutex<Arc<Inspection>>,
    /// The database; gone with the harness.
    _folder: TempDir,
}

/// What goes on from one command to the next.
#[derive(Default)]
struct State {
    screen: Screen,
    /// The last line of the log that was told.
    logged: u64,
}

impl Harness {
    /// A member uses a command, typed as a line such as `/quote topic:courage`.
    ///
    /// # Errors
    ///
    /// Where the line can't be read, or the recording can't be written. What a provider does wrong is no error here.
    pub async fn run(&self, who: &Who, line: &str) -> Result<Ran, HarnessError> {
        let mut state = self.state.lock().await;
        self.forget_earlier(&mut state).await?;
        let (command, arguments) = self.content.read_line(Some(self.account), line)?;
        let ask = Ask { asker: who.asker(self.account), command, arguments, trigger: Trigger::Command };
        let reply = match self.content.admit(ask) {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        };
        self.ran(&mut state, &reply).await
    }

    /// A member presses a button that was shown: its id, else its label or emoji, of the message that was shown last if several have it.
    ///
    /// # Errors
    ///
    /// Where no such button was shown, or the recording can't be written.
    pub async fn press(&self, who: &Who, button: &str) -> Result<Ran, HarnessError> {
        let mut state = self.state.lock().await;
        self.forget_earlier(&mut state).await?;
        let found = state.screen.find(button)?;
        let press = Press { asker: who.asker(self.account), button: found.signed, message: Some(found.message) };
        let reply = match self.content.admit_press(press).await {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        };
        self.ran(&mut state, &reply).await
    }

    /// A member types an option; the line has what stands there so far, such as `/quote topic:cou`.
    ///
    /// # Errors
    ///
    /// Where the line can't be read, or the recording can't be written.
    pub async fn suggest(&self, who: &Who, line: &str, option: &str) -> Result<Suggested, HarnessError> {
        let mut state = self.state.lock().await;
        self.forget_earlier(&mut state).await?;
        let (command, typed, arguments) = self.content.read_partial_line(Some(self.account), line, option)?;
        let asker = who.asker(self.account);
        let typing = Typing { asker, command, option: option.to_owned(), typed, arguments };
        let choices = self.content.suggest(typing).await;
        self.suggested(&mut state, &choices).await
    }

    /// No member has to wait for a command's cooldown any longer, and the provider is not paused, however often it failed.
    pub fn forgive(&self) {
        self.content.forgive();
    }

    /// Puts the clock forward.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// What time it is for the provider.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the component says about itself.
    #[must_use]
    pub fn inspection(&self) -> Arc<Inspection> {
        Arc::clone(&self.provider.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Its manifest.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        self.inspection().manifest.clone()
    }

    /// The commands that a member has, the host's own among them.
    #[must_use]
    pub fn commands(&self) -> Vec<CatalogueCommand> {
        self.content.commands(Some(self.account))
    }

    /// The recorded requests that were never asked for, as method and URL; none where nothing is played.
    #[must_use]
    pub fn unasked(&self) -> Vec<String> {
        let unasked = self.played.as_ref().map(|player| player.unasked()).unwrap_or_default();
        unasked.into_iter().map(ToString::to_string).collect()
    }

    /// How many exchanges were recorded until now; none where nothing is recorded.
    #[must_use]
    pub fn recorded(&self) -> usize {
        self.recorded.as_ref().map_or(0, |(recorder, _)| recorder.recording().exchanges.len())
    }

    /// Ends it; what it kept is gone.
    pub async fn close(self) {
        self.store.close().await;
    }

    fn provider_id(&self) -> ProviderId {
        self.inspection().manifest.provider.id.clone()
    }

    /// Writes down what has been recorded until now.
    fn keep_recording(&self) -> Result<(), HarnessError> {
        if let Some((recorder, file)) = &self.recorded {
            recorder.save(file)?;
        }
        Ok(())
    }

    /// The message arrived, as far as the host knows.
    async fn deliver(&self, state: &State, reply: &Reply) {
        if let Reply::Post(post) = reply {
            let message = Some(state.screen.last());
            self.content.settle(post.delivery, Settled::Delivered { message }).await;
        }
    }
}
