//! Many interactions at once, for benchmarks and for tests that kill the host under load.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::{CallbackKind, Channel, Invocation, Message, Snowflake, world::lock};

/// A load to put on a bot.
#[derive(Clone, Debug)]
pub struct Load {
    /// What the members do, all the same.
    pub act: Act,
    /// How many interactions in all.
    pub total: usize,
    /// How many may wait for their first answer at once.
    pub in_flight: usize,
    /// How many different members act, in turn; the one in `act` lends them everything but the id.
    pub members: usize,
    /// Whether to end when the bot's connection is lost, rather than to go on when it is back.
    pub stop_on_disconnect: bool,
}

/// What the members of a load do.
#[derive(Clone, Debug)]
pub enum Act {
    /// They run a command.
    Run(Invocation),
    /// They press a button of a message.
    Press {
        /// The message.
        message: Message,
        /// The button's custom id, label or emoji.
        button: String,
        /// The member who lends the others everything but the id.
        member: crate::Member,
        /// Where the message is.
        channel: Channel,
    },
}

/// What became of a load.
#[derive(Clone, Debug, Default)]
pub struct LoadReport {
    /// The interactions that were sent.
    pub sent: usize,
    /// Those whose first answer was accepted, in the order in which the answers came.
    pub answered: Vec<Answered>,
    /// Those without an accepted answer within 3 seconds, or before the load ended.
    pub unanswered: Vec<Snowflake>,
    /// Answers that were refused, with the error's body.
    pub refused: Vec<(Snowflake, String)>,
    /// From the first frame until the last answer.
    pub elapsed: Duration,
}

/// An interaction whose first answer was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The interaction.
    pub interaction: Snowflake,
    /// Who acted.
    pub member: Snowflake,
    /// From handing the frame to the socket's task until the answer was accepted.
    pub latency: Duration,
    /// From there until a deferred answer was filled in.
    pub filled_in: Option<Duration>,
    /// The kind of the first answer.
    pub kind: CallbackKind,
    /// The message that the answer made.
    pub message: Option<Snowflake>,
    /// The first custom id in the message, first answer or filled in.
    pub custom_id: Option<String>,
}

impl LoadReport {
    /// The latency that this share of the answered interactions stays within; zero where none was answered.
    /// `share` is from 0 to 1, such as 0.99.
    pub fn percentile(&self, share: f64) -> Duration {
        let mut latencies: Vec<Duration> = self.answered.iter().map(|answered| answered.latency).collect();
        latencies.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "an index into a list that fits into memory"
        )]
        let rank = (share.clamp(0.0, 1.0) * latencies.len() as f64).ceil() as usize;
        latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// Answered interactions per second.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn per_second(&self) -> f64 {
        self.answered.len() as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }
}

/// A load under way: where its interactions report to.
#[derive(Debug)]
pub(crate) struct LoadRun {
    pub(crate) results: Mutex<Results>,
    /// One permit for each interaction that may wait for its answer.
    pub(crate) permits: Arc<Semaphore>,
}

#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) answered: Vec<Answered>,
    pub(crate) refused: Vec<(Snowflake, String)>,
}

/// An interaction's part in a load.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) run: Arc<LoadRun>,
    pub(crate) member: Snowflake,
    pub(crate) sent: Instant,
}

impl LoadRun {
    pub(crate) fn new(in_flight: usize) -> Arc<LoadRun> {
        Arc::new(LoadRun { results: Mutex::default(), permits: Arc::new(Semaphore::new(in_flight.max(1))) })
    }
}

impl Ticket {
    /// Notes an accepted first answer; returns where it was noted.
    pub(crate) fn answered(
        &self,
        interaction: Snowflake,
        kind: CallbackKind,
        message: Option<Snowflake>,
        custom_id: Option<String>,
    ) -> usize {
        let (member, latency) = (self.member, self.sent.elapsed());
        let mut results = lock(&self.run.results);
        results.answered.push(Answered { interaction, member, latency, filled_in: None, kind, message, custom_id });
        results.answered.len() - 1
    }

    /// Notes that a deferred answer was filled in.
    pub(crate) fn filled_in(&self, slot: usize, message: Snowflake, custom_id: Option<String>) {
        let since = self.sent.elapsed();
        if let Some(answered) = lock(&self.run.results).answered.get_mut(slot)
            && answered.filled_in.is_none()
        {
            answered.filled_in = Some(since.saturating_sub(answered.latency));
            answered.message = Some(message);
            answered.custom_id = custom_id;
        }
    }

    pub(crate) fn refused(&self, interaction: Snowflake, body: String) {
        lock(&self.run.results).refused.push((interaction, body));
    }
}
