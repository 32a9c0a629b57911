//! The playground: a project is built whenever it is saved, and its provider is tried out on a page in the browser.
//!
//! - `sources` tells what changed in the project's folder, `builder` builds it, `problems` reads what the build said
//! - `stage` holds the version that answers: a harness, in the real sandbox, with production's limits
//! - `state` is what the page is told of all this, `shown` what it is told of the provider
//! - `server` serves the page (`assets`, in the folder `page`) and what it asks for; `guard` keeps everybody else out
//!
//! A version answers until another one is built and loaded: a broken build takes nothing away. A build that the next
//! change outdates is ended.

mod assets;
mod builder;
mod error;
mod guard;
mod problems;
mod server;
mod shown;
mod sources;
mod stage;
mod state;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use autocontent_runtime::Random;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::Project;

use self::builder::Finished;
use self::guard::Guard;
use self::problems::{Problem, problems};
use self::sources::{Changed, Sources};
use self::stage::Stage;
use self::state::{Board, Network, ShownProject, Status};

pub use builder::Builder;
pub use error::PlaygroundError;
pub use stage::StageConfig;

/// What a playground is made of.
pub struct PlaygroundConfig {
    /// What is worked on.
    pub project: Project,
    /// Where the page is served; an address of this machine alone.
    pub listen: SocketAddr,
    /// What builds the project.
    pub builder: Builder,
    /// What its provider is tried with.
    pub stage: StageConfig,
    /// Makes the page's address one that nobody guesses.
    pub random: Arc<dyn Random>,
    /// Gets a line whenever a build began or ended.
    pub tell: Box<dyn Fn(&str) + Send + Sync>,
}

/// A project on its page. Nothing happens before [`Playground::run`].
pub struct Playground {
    project: Project,
    builder: Builder,
    tell: Box<dyn Fn(&str) + Send + Sync>,
    sources: Sources,
    board: Board,
    stage: Arc<Stage>,
    listener: TcpListener,
    address: SocketAddr,
    guard: Guard,
}

impl Playground {
    /// Listens, and begins to watch the project.
    ///
    /// # Errors
    ///
    /// Where the address is not this machine's alone or is taken, or the project's folder can't be watched.
    pub async fn open(config: PlaygroundConfig) -> Result<Playground, PlaygroundError> {
        let PlaygroundConfig { project, listen, builder, stage, random, tell } = config;
        if !listen.ip().is_loopback() {
            return Err(PlaygroundError::NotLoopback { address: listen });
        }
        let unheard = |source| PlaygroundError::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(unheard)?;
        let address = listener.local_addr().map_err(unheard)?;
        let sources = Sources::watch(project.folder())?;
        let board = Board::new(shown(&project), Network::Recordings);
        let stage = Arc::new(Stage::new(stage, project.clone(), board.clone()));
        let guard = Guard::new(address, &*random);
        Ok(Playground { project, builder, tell, sources, board, stage, listener, address, guard })
    }

    /// Where it listens: the port that was taken where any was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The page's URL, which ends with a slash. Whoever knows it can use the playground.
    pub fn page(&self) -> String {
        format!("http://{}{}", self.address, self.guard.inside("/"))
    }

    /// Serves the page, and builds the project now and whenever it changes. Dropped, it ends at once.
    ///
    /// # Errors
    ///
    /// Where the folder can't be watched any longer, or the server ends.
    pub async fn run(self) -> Result<Infallible, PlaygroundError> {
        let Playground { project, builder, tell, mut sources, board, stage, listener, guard, .. } = self;
        let router = server::router(guard, board.clone(), Arc::clone(&stage));
        let follower = Follower { project, builder, tell, board, stage };
        tokio::select! {
            ended = axum::serve(listener, router) => {
                Err(PlaygroundError::Server(ended.err().unwrap_or_else(|| std::io::Error::other("it stopped"))))
            }
            ended = follower.follow(&mut sources) => ended,
        }
    }
}

/// Follows a project's changes.
struct Follower {
    project: Project,
    builder: Builder,
    tell: Box<dyn Fn(&str) + Send + Sync>,
    board: Board,
    stage: Arc<Stage>,
}

impl Follower {
    async fn follow(&self, sources: &mut Sources) -> Result<Infallible, PlaygroundError> {
        loop {
            if self.build_to_the_end(sources).await? {
                while !self.take_note(sources.changed().await?).await {}
            }
        }
    }

    /// Builds, unless the sources change again before it is done: tells whether it was done.
    async fn build_to_the_end(&self, sources: &mut Sources) -> Result<bool, PlaygroundError> {
        let mut building = pin!(self.build());
        loop {
            tokio::select! {
                () = &mut building => return Ok(true),
                changed = sources.changed() => {
                    if self.take_note(changed?).await {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Tells whether there is something to build.
    async fn take_note(&self, changed: Changed) -> bool {
        if changed.recordings && self.stage.plays() {
            self.tell_of("the recordings were read again", &self.stage.refresh().await);
        }
        if changed.secrets && self.stage.plays() {
            self.tell_of("the secrets were read again", &self.stage.fill_in().await);
        }
        // What has never answered may have been kept from it by its recordings.
        changed.sources || (changed.recordings && !self.stage.plays())
    }

    fn tell_of(&self, done: &str, outcome: &Result<(), String>) {
        (self.tell)(outcome.as_ref().err().map_or(done, String::as_str));
    }

    async fn build(&self) {
        let began = Instant::now();
        self.board.building();
        (self.tell)("building");
        match self.builder.build(self.project.folder()).await {
            Ok(Finished { well: true, output }) => match self.load().await {
                Ok(()) => self.built(output, began),
                Err(problem) => self.failed(format!("{output}autocontent: {problem}\n"), began),
            },
            Ok(Finished { well: false, output }) => self.failed(output, began),
            Err(error) => self.failed(format!("autocontent: could not start the build: {error}\n"), began),
        }
    }

    /// Has what was built answer from now on.
    async fn load(&self) -> Result<(), String> {
        // In a task of its own, as it must not be left half done where a change outdates it.
        let stage = Arc::clone(&self.stage);
        let loading = tokio::spawn(async move { stage.load().await });
        loading.await.map_err(|error| error.to_string())?
    }

    fn built(&self, output: String, began: Instant) {
        let mut problems = problems(&output, self.project.folder());
        problems.retain(Problem::is_warning);
        self.board.built(Status::Built, began.elapsed(), problems, output);
        (self.tell)(&format!("built in {:.1} s", began.elapsed().as_secs_f32()));
    }

    fn failed(&self, output: String, began: Instant) {
        (self.tell)(output.trim_end());
        (self.tell)(if self.stage.plays() {
            "the build failed; what was built before goes on answering"
        } else {
            "the build failed"
        });
        let problems = problems(&output, self.project.folder());
        self.board.built(Status::Failed, began.elapsed(), problems, output);
    }
}

fn shown(project: &Project) -> ShownProject {
    let folder = project.folder();
    ShownProject {
        name: folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned(),
        folder: folder.display().to_string(),
        language: project.language().to_string(),
    }
}
