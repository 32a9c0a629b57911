//! What the page is told of the project: always the whole state, so that a page that missed a change misses nothing.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::problems::Problem;
use super::shown::ShownProvider;

/// Where the state stands, and changes.
#[derive(Clone, Debug)]
pub(super) struct Board(watch::Sender<State>);

/// The state of the project.
#[derive(Clone, Debug, Serialize)]
pub(super) struct State {
    pub(super) project: ShownProject,
    pub(super) build: Build,
    /// The version that answers; none before the first build that worked.
    pub(super) provider: Option<Arc<ShownProvider>>,
    pub(super) network: Network,
    /// The project's recordings, by their paths in the project.
    pub(super) recordings: Vec<String>,
    /// Why the recordings as they are now can't be used; those read before go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recordings_problem: Option<String>,
}

/// What is being worked on.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownProject {
    pub(super) name: String,
    pub(super) folder: String,
    pub(super) language: String,
}

/// The last build.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Build {
    pub(super) status: Status,
    /// Counted from 1.
    pub(super) number: u32,
    /// From the change to the version that answers, or to the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_ms: Option<u64>,
    pub(super) problems: Vec<Problem>,
    pub(super) output: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    #[default]
    Waiting,
    Building,
    Built,
    Failed,
}

/// Where answers of other servers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Network {
    /// The project's recordings; what they don't have fails.
    Recordings,
    /// The real servers, through the gate.
    Live,
}

impl Board {
    /// The state before the first build.
    pub(super) fn new(project: ShownProject, network: Network) -> Board {
        Board(watch::Sender::new(State {
            project,
            build: Build::default(),
            provider: None,
            network,
            recordings: Vec::new(),
            recordings_problem: None,
        }))
    }

    /// Changes the state, and tells all that follow it.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        self.0.send_modify(change);
    }

    /// A build begins; what the last one said stays until it is done.
    pub(super) fn building(&self) {
        self.change(|state| {
            state.build.status = Status::Building;
            state.build.number += 1;
        });
    }

    /// A build is done.
    pub(super) fn built(&self, status: Status, time: Duration, problems: Vec<Problem>, output: String) {
        self.change(|state| {
            let time_ms = u64::try_from(time.as_millis()).ok();
            state.build = Build { status, number: state.build.number, time_ms, problems, output };
        });
    }

    /// The state now and whenever it changes.
    pub(super) fn follow(&self) -> watch::Receiver<State> {
        let mut states = self.0.subscribe();
        states.mark_changed();
        states
    }
}
