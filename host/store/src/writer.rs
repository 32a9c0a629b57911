//! The one task that writes what every command leaves behind.
//!
//! Callers put writes into a bounded queue. The task takes all that waits (up to a cap) into one transaction, with one
//! statement for many rows, and answers each caller after the commit: a commit costs the same for one write and for a
//! hundred. Where a statement fails, the transaction is repeated with a savepoint around each write, so that a bad one
//! harms no neighbour. Where the database itself fails, everybody who waits is told so and nothing hangs; the next
//! writes try again on a new connection.
//!
//! On SQLite, deliveries and settlements take the `lane` first and come here only where something is in their way.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::database::{Connection, Database, Either, on};
use crate::deliveries::{NewDelivery, Settlement, record_all, settle_all};
use crate::dialect;
use crate::error::StoreError;
use crate::favourites::Toggle;
use crate::feedback::{Ballot, Report};
use crate::lane::Lane;
use crate::storage::{Change, change_all};

/// Writes in one transaction. Beyond this a group gains nothing and its first caller waits longer.
const GROUP: usize = 256;
/// Writes that may wait; further callers wait for a place.
const QUEUE: usize = 1024;
/// How long settlements wait for company: nobody needs one soon, and the next delivery's transaction takes it along.
const LINGER: Duration = Duration::from_millis(20);
/// After this a transaction that does not end counts as a lost connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Something that the writer writes.
pub(crate) trait Write: Sized {
    /// What the caller learns.
    type Answer;

    /// Writes it alone. Whoever calls has begun a transaction.
    fn write(
        &self,
        database: &Database,
        connection: &mut Connection,
    ) -> impl Future<Output = Result<Self::Answer, StoreError>> + Send;
}

/// A write and its caller.
#[derive(Debug)]
pub(crate) struct Job<W: Write> {
    pub(crate) write: W,
    caller: oneshot::Sender<Result<W::Answer, StoreError>>,
    /// What to tell the caller once the transaction is committed.
    outcome: Option<Result<W::Answer, StoreError>>,
}

impl<W: Write> Job<W> {
    /// Tells the caller; one who went away meanwhile has lost the answer only.
    pub(crate) fn answer(self, outcome: Result<W::Answer, StoreError>) {
        let _ = self.caller.send(outcome);
    }
}

/// What callers put into the queue.
#[derive(Debug)]
pub(crate) enum Queued {
    Record(Job<Box<NewDelivery>>),
    Settle(Job<Settlement>),
    Vote(Job<Ballot>),
    Report(Job<Report>),
    Favourite(Job<Box<Toggle>>),
    Storage(Job<Change>),
    Close(oneshot::Sender<()>),
}

macro_rules! queued {
    ($($write:ty => $variant:ident),+ $(,)?) => {$(
        impl From<Job<$write>> for Queued {
            fn from(job: Job<$write>) -> Self {
                Queued::$variant(job)
            }
        }
    )+};
}
queued!(Box<NewDelivery> => Record, Settlement => Settle, Ballot => Vote, Report => Report, Box<Toggle> => Favourite,
    Change => Storage);

/// The callers' end of the queue.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Queued>,
    lane: Option<Lane>,
}

impl Writer {
    /// Starts the task. It ends when it is closed, or when the last `Writer` is gone, having written what waited.
    ///
    /// # Errors
    ///
    /// Where SQLite's file cannot be opened once more.
    pub(crate) fn start(database: Database) -> Result<Writer, StoreError> {
        let (queue, queued) = mpsc::channel(QUEUE);
        let lane = Lane::open(&database, &queue)?;
        tokio::spawn(run(database, queued, lane.clone()));
        Ok(Writer { queue, lane })
    }

    /// Returns once the write is committed, or cannot be.
    pub(crate) async fn write<W: Write>(&self, write: W) -> Result<W::Answer, StoreError>
    where
        Queued: From<Job<W>>,
    {
        let (caller, answer) = oneshot::channel();
        let mut queued = Some(Job { write, caller, outcome: None }.into());
        if let Some(lane) = &self.lane {
            queued = queued.and_then(|queued| lane.take(queued));
        }
        if let Some(queued) = queued {
            self.queue.send(queued).await.map_err(|_| StoreError::Closed)?;
        }
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Writes that wait to be taken into a transaction.
    pub(crate) fn waiting(&self) -> usize {
        let queued = self.queue.max_capacity().saturating_sub(self.queue.capacity());
        queued + self.lane.as_ref().map_or(0, Lane::len)
    }

    /// Refuses further writes and returns when those that wait are written.
    pub(crate) async fn close(&self) {
        if let Some(lane) = &self.lane {
            lane.close().await;
        }
        let (caller, closed) = oneshot::channel();
        if self.queue.send(Queued::Close(caller)).await.is_ok() {
            // The task answers, or it ended before: either way nothing waits any more.
            let _ = closed.await;
        }
    }
}

async fn run(database: Database, mut queue: mpsc::Receiver<Queued>, lane: Option<Lane>) {
    let mut queued = Vec::with_capacity(GROUP);
    let mut closing = Vec::new();
    while queue.recv_many(&mut queued, GROUP).await > 0 {
        if lane.is_none() {
            linger(&mut queue, &mut queued).await;
        }
        let mut group = Group::default();
        group.take(queued.drain(..));
        let committed = match &lane {
            Some(lane) => lane.alone(group.commit(&database)).await,
            None => group.commit(&database).await,
        };
        if let Err(error) = committed {
            if error.concerns_every_write() {
                // Each group would wait for the same failure in turn.
                group.take(std::iter::from_fn(|| queue.try_recv().ok()));
            }
            group.fail(&error);
        } else {
            group.answer();
        }
        if !group.closing.is_empty() {
            queue.close();
            closing.append(&mut group.closing);
        }
    }
    for caller in closing {
        let _ = caller.send(());
    }
}

/// Waits a moment where there are only settlements, for a write that somebody waits for.
async fn linger(queue: &mut mpsc::Receiver<Queued>, queued: &mut Vec<Queued>) {
    let until = Instant::now() + LINGER;
    while queued.len() < GROUP && queued.iter().all(|queued| matches!(queued, Queued::Settle(_))) {
        match timeout_at(until, queue.recv_many(queued, GROUP)).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
    }
}

/// Writes that share a transaction. Those of one kind keep their order; a delivery is recorded before anything refers
/// to it.
#[derive(Default)]
struct Group {
    records: Vec<Job<Box<NewDelivery>>>,
    settlements: Vec<Job<Settlement>>,
    votes: Vec<Job<Ballot>>,
    reports: Vec<Job<Report>>,
    favourites: Vec<Job<Box<Toggle>>>,
    storage: Vec<Job<Change>>,
    closing: Vec<oneshot::Sender<()>>,
}

impl Group {
    fn take(&mut self, queued: impl Iterator<Item = Queued>) {
        for queued in queued {
            match queued {
                Queued::Record(job) => self.records.push(job),
                Queued::Settle(job) => self.settlements.push(job),
                Queued::Vote(job) => self.votes.push(job),
                Queued::Report(job) => self.reports.push(job),
                Queued::Favourite(job) => self.favourites.push(job),
                Queued::Storage(job) => self.storage.push(job),
                Queued::Close(caller) => self.closing.push(caller),
            }
        }
    }

    fn len(&self) -> usize {
        self.records.len() + self.settlements.len() + self.others()
    }

    /// Those that no script writes.
    fn others(&self) -> usize {
        self.votes.len() + self.reports.len() + self.favourites.len() + self.storage.len()
    }

    fn new_deliveries(&self) -> Vec<&NewDelivery> {
        self.records.iter().map(|job| &*job.write).collect()
    }

    fn new_settlements(&self) -> Vec<&Settlement> {
        self.settlements.iter().map(|job| &job.write).collect()
    }

    async fn commit(&mut self, database: &Database) -> Result<(), StoreError> {
        if self.len() == 0 {
            return Ok(());
        }
        let mut connection = match &database.writer {
            Either::Sqlite(pool) => pool.acquire().await.map(Either::Sqlite),
            Either::Postgres(pool) => pool.acquire().await.map(Either::Postgres),
        }
        .map_err(|error| database.error("get a connection", error))?;
        let committed = match tokio::time::timeout(PATIENCE, self.write(database, &mut connection)).await {
            Ok(committed) => committed,
            Err(_) => Err(database.error("write", sqlx::Error::PoolTimedOut)),
        };
        if committed.is_err() {
            // Its state is unknown: closed, it rolls back, and the pool opens another one.
            on!(connection, connection => drop(connection.detach()));
        }
        committed
    }

    async fn write(&mut self, database: &Database, connection: &mut Connection) -> Result<(), StoreError> {
        let failed = |error| database.error("begin a transaction", error);
        dialect::begin(connection).await.map_err(failed)?;
        match self.write_together(database, connection).await {
            Ok(()) => {}
            Err(error) if error.concerns_every_write() => return Err(error),
            Err(_) => {
                run_statement(database, connection, "ROLLBACK").await?;
                dialect::begin(connection).await.map_err(failed)?;
                self.write_apart(database, connection).await?;
            }
        }
        run_statement(database, connection, "COMMIT").await
    }

    /// Fails as a whole.
    async fn write_together(&mut self, database: &Database, connection: &mut Connection) -> Result<(), StoreError> {
        if !self.records.is_empty() {
            record_all(database, connection, &self.new_deliveries()).await?;
        }
        if !self.settlements.is_empty() {
            settle_all(database, connection, &self.new_settlements()).await?;
        }
        all_done(&mut self.records);
        all_done(&mut self.settlements);
        each(database, connection, &mut self.votes).await?;
        each(database, connection, &mut self.reports).await?;
        each(database, connection, &mut self.favourites).await?;
        let changes: Vec<_> = self.storage.iter().map(|job| &job.write).collect();
        if !changes.is_empty() {
            let outcomes = change_all(database, connection, &changes).await?;
            for (job, outcome) in self.storage.iter_mut().zip(outcomes) {
                job.outcome = Some(outcome);
            }
        }
        Ok(())
    }

    /// Each on its own feet; fails only where the database does.
    async fn write_apart(&mut self, database: &Database, connection: &mut Connection) -> Result<(), StoreError> {
        apart(database, connection, &mut self.records).await?;
        apart(database, connection, &mut self.settlements).await?;
        apart(database, connection, &mut self.votes).await?;
        apart(database, connection, &mut self.reports).await?;
        apart(database, connection, &mut self.favourites).await?;
        // In the order in which every host takes them, see `storage`.
        self.storage.sort_by(|one, other| one.write.provider().cmp(other.write.provider()));
        apart(database, connection, &mut self.storage).await
    }

    fn answer(&mut self) {
        answer(&mut self.records);
        answer(&mut self.settlements);
        answer(&mut self.votes);
        answer(&mut self.reports);
        answer(&mut self.favourites);
        answer(&mut self.storage);
    }

    fn fail(&mut self, error: &StoreError) {
        fail(&mut self.records, error);
        fail(&mut self.settlements, error);
        fail(&mut self.votes, error);
        fail(&mut self.reports, error);
        fail(&mut self.favourites, error);
        fail(&mut self.storage, error);
    }
}

fn all_done<W: Write<Answer = ()>>(jobs: &mut [Job<W>]) {
    for job in jobs {
        job.outcome = Some(Ok(()));
    }
}

async fn each<W: Write>(
    database: &Database,
    connection: &mut Connection,
    jobs: &mut [Job<W>],
) -> Result<(), StoreError> {
    for job in jobs {
        job.outcome = Some(Ok(job.write.write(database, connection).await?));
    }
    Ok(())
}

async fn apart<W: Write>(
    database: &Database,
    connection: &mut Connection,
    jobs: &mut [Job<W>],
) -> Result<(), StoreError> {
    for job in jobs {
        run_statement(database, connection, "SAVEPOINT one_write").await?;
        let outcome = job.write.write(database, connection).await;
        match &outcome {
            Ok(_) => {}
            Err(error) if error.concerns_every_write() => return Err(error.clone()),
            Err(_) => run_statement(database, connection, "ROLLBACK TO SAVEPOINT one_write").await?,
        }
        run_statement(database, connection, "RELEASE SAVEPOINT one_write").await?;
        job.outcome = Some(outcome);
    }
    Ok(())
}

fn answer<W: Write>(jobs: &mut Vec<Job<W>>) {
    for mut job in jobs.drain(..) {
        if let Some(outcome) = job.outcome.take() {
            job.answer(outcome);
        }
    }
}

fn fail<W: Write>(jobs: &mut Vec<Job<W>>, error: &StoreError) {
    for job in jobs.drain(..) {
        job.answer(Err(error.clone()));
    }
}

async fn run_statement(database: &Database, connection: &mut Connection, sql: &'static str) -> Result<(), StoreError> {
    on!(connection, c => sqlx::query(sql).execute(&mut **c).await.map(|_| ()))
        .map_err(|error| database.error(sql, error))
}
