//! The short way to SQLite for deliveries and settlements: whoever brings one writes it, on their own thread.
//!
//! A transaction takes some 40 µs, less than handing it to another thread and waiting for the answer, so nothing is
//! handed over. Whoever comes while another writes leaves the write behind and the next to write takes all of them
//! into one transaction. Settlements, which nobody waits for, are gathered for a moment and written together.
//!
//! Nothing here waits for the disk or for another process: the lock is only tried, the log is checkpointed elsewhere.
//! Where anything is in the way, the transaction is undone and its writes go to the `writer`, which can wait and
//! finds out whose fault it was.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::mpsc;

use crate::database::{Database, Either};
use crate::deliveries::{NewDelivery, Settlement, insert_directly, settle_directly};
use crate::dialect;
use crate::error::StoreError;
use crate::writer::{Job, Queued};

/// Writes in one transaction: some milliseconds of a thread that others wait for too.
const GROUP: usize = 64;
/// How long settlements are gathered.
const LINGER: Duration = Duration::from_millis(20);
/// Commits after which the log is copied into the database: some 1,500 pages, where SQLite itself would at 1,000.
const CHECKPOINT: u32 = 256;
/// Commits after which the copying lags so far behind that nothing is taken here until it is done: on a slow disk the
/// log would outgrow it.
const OVERDUE: u32 = 1_024;
/// Pages in the log, 32 MiB, at which writing pauses until it is copied whole and begins anew.
const LONGEST_LOG: i64 = 8_192;

/// The lane of one store. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Shared>);

struct Shared {
    database: Database,
    waiting: Mutex<Waiting>,
    /// Whoever holds it looks after giving it back whether somebody came meanwhile.
    connection: tokio::sync::Mutex<Connection>,
    /// The long way. Weak, as its task holds a lane.
    writer: mpsc::WeakSender<Queued>,
    /// Since the log was last copied.
    commits: AtomicU32,
}

#[derive(Default)]
struct Waiting {
    records: Vec<Job<Box<NewDelivery>>>,
    settlements: Vec<Job<Settlement>>,
    /// Somebody will look after the settlements.
    lingering: bool,
    closed: bool,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lane").field(&self.0.database.location).finish()
    }
}

impl Lane {
    /// None on PostgreSQL.
    pub(crate) fn open(database: &Database, writer: &mpsc::Sender<Queued>) -> Result<Option<Lane>, StoreError> {
        let Either::Sqlite(pool) = &database.writer else { return Ok(None) };
        let options = pool.connect_options();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(options.get_filename(), flags)
            .and_then(|connection| connection.execute_batch(dialect::LANE_SQLITE).map(|()| connection))
            .map_err(|_| StoreError::Unopenable { location: database.location.to_string() })?;
        Ok(Some(Lane(Arc::new(Shared {
            database: database.clone(),
            waiting: Mutex::default(),
            connection: tokio::sync::Mutex::new(connection),
            writer: writer.downgrade(),
            commits: AtomicU32::new(0),
        }))))
    }

    /// Takes a delivery or a settlement, and writes a delivery if nobody else writes just now. Gives back what doesn't
    /// belong here.
    pub(crate) fn take(&self, queued: Queued) -> Option<Queued> {
        let mut waiting = self.waiting();
        if waiting.closed || self.0.commits.load(Ordering::Relaxed) >= OVERDUE {
            return Some(queued);
        }
        match queued {
            Queued::Record(job) => {
                waiting.records.push(job);
                drop(waiting);
                self.write();
            }
            Queued::Settle(job) => {
                waiting.settlements.push(job);
                if !std::mem::replace(&mut waiting.lingering, true) {
                    tokio::spawn(self.clone().linger());
                }
            }
            other => return Some(other),
        }
        None
    }

    /// Writes that wait to be taken into a transaction.
    pub(crate) fn len(&self) -> usize {
        let waiting = self.waiting();
        waiting.records.len() + waiting.settlements.len()
    }

    /// Runs what writes through another connection, after all that came here before it and while nobody writes here, so
    /// that neither has to wait for SQLite's lock.
    pub(crate) async fn alone<T>(&self, work: impl Future<Output = T>) -> T {
        let mut connection = self.0.connection.lock().await;
        let group = self.waiting().take_all();
        self.write_group(&mut connection, group);
        let outcome = work.await;
        drop(connection);
        self.write_on();
        outcome
    }

    /// Writes what waits, and takes nothing more.
    pub(crate) async fn close(&self) {
        self.waiting().closed = true;
        while self.flush().await {}
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) {
        // Who holds the lock sees what was left behind.
        if let Ok(mut connection) = self.0.connection.try_lock() {
            let group = self.waiting().take_records();
            self.write_group(&mut connection, group);
            drop(connection);
            self.write_on();
        }
    }

    /// Looks after those who came while the lock was held, in a task of its own: the caller has what it wanted.
    fn write_on(&self) {
        if !self.waiting().records.is_empty() {
            let lane = self.clone();
            tokio::spawn(async move { lane.write() });
        }
    }

    async fn linger(self) {
        tokio::time::sleep(LINGER).await;
        self.waiting().lingering = false;
        while self.flush().await {}
    }

    /// Writes a group; returns whether more is waiting.
    async fn flush(&self) -> bool {
        let mut connection = self.0.connection.lock().await;
        let group = self.waiting().take_all();
        self.write_group(&mut connection, group);
        drop(connection);
        let waiting = self.waiting();
        !(waiting.records.is_empty() && waiting.settlements.is_empty())
    }

    fn write_group(&self, connection: &mut Connection, group: Waiting) {
        if group.records.is_empty() && group.settlements.is_empty() {
            return;
        }
        if let Ok(true) = group.commit(connection) {
            group.answer();
            if self.0.commits.fetch_add(1, Ordering::Relaxed) == CHECKPOINT {
                tokio::spawn(self.clone().checkpoint());
            }
            return;
        }
        // A settlement of what nobody recorded, another process that writes, a full disk, …
        if !connection.is_autocommit() {
            // Where even that fails, the next transaction can't begin, and goes the long way.
            let _ = connection.execute_batch("ROLLBACK");
        }
        self.detour(group);
    }

    fn detour(&self, group: Waiting) {
        let Some(writer) = self.0.writer.upgrade() else {
            return group.fail(&StoreError::Closed);
        };
        tokio::spawn(async move {
            for job in group.records {
                // A writer that is closed drops the job, which tells its caller.
                let _ = writer.send(job.into()).await;
            }
            for job in group.settlements {
                let _ = writer.send(job.into()).await;
            }
        });
    }

    /// Copies the log into the database, on the writer's connection and thread.
    async fn checkpoint(self) {
        let Either::Sqlite(pool) = &self.0.database.writer else { return };
        let passive = sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(pool).await;
        if passive.is_ok_and(|(_, pages, _)| pages > LONGEST_LOG) {
            let restart = sqlx::query("PRAGMA wal_checkpoint(RESTART)").execute(pool);
            // It fails where a reader stays; the next attempt is not far.
            let _ = self.alone(restart).await;
        }
        self.0.commits.store(0, Ordering::Relaxed);
    }
}

impl Waiting {
    fn take_records(&mut self) -> Waiting {
        let records = self.records.drain(..self.records.len().min(GROUP)).collect();
        Waiting { records, ..Waiting::default() }
    }

    /// Deliveries, and settlements with them: those of one group are recorded first.
    fn take_all(&mut self) -> Waiting {
        let settlements = self.settlements.drain(..self.settlements.len().min(GROUP)).collect();
        Waiting { settlements, ..self.take_records() }
    }

    /// False, and nothing is committed, where a delivery to be settled is not there.
    fn commit(&self, sqlite: &Connection) -> rusqlite::Result<bool> {
        sqlite.prepare_cached(dialect::BEGIN_SQLITE)?.execute(())?;
        for job in &self.records {
            insert_directly(sqlite, &job.write)?;
        }
        for job in &self.settlements {
            if !settle_directly(sqlite, &job.write)? {
                return Ok(false);
            }
        }
        sqlite.prepare_cached("COMMIT")?.execute(())?;
        Ok(true)
    }

    fn answer(self) {
        self.records.into_iter().for_each(|job| job.answer(Ok(())));
        self.settlements.into_iter().for_each(|job| job.answer(Ok(())));
    }

    fn fail(self, error: &StoreError) {
        self.records.into_iter().for_each(|job| job.answer(Err(error.clone())));
        self.settlements.into_iter().for_each(|job| job.answer(Err(error.clone())));
    }
}
