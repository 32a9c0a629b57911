//! The last lines that each provider logged.

use std::cmp::Ordering;
use std::sync::LazyLock;

use autocontent_manifest::ProviderId;
use jiff::Timestamp;
use sqlx::FromRow;

use crate::Store;
use crate::bulk::Bulk;
use crate::database::{Tx, on};
use crate::error::StoreError;
use crate::rows::{Reading, words};

words! {
    /// How much a line that a provider logged matters.
    LogLevel {
        /// Every step.
        Trace = "trace",
        /// For whoever looks for a mistake.
        Debug = "debug",
        /// What happened.
        Info = "info",
        /// What may need somebody.
        Warn = "warn",
        /// What failed.
        Error = "error",
    }
}

/// A line that a provider logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLogLine {
    /// When.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// Its text: one line, fit to be printed.
    pub line: String,
}

/// A line that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Its place among all lines of its provider, counted from 1.
    pub position: u64,
    /// When.
    pub at: Timestamp,
    /// How much it matters.
    pub level: LogLevel,
    /// Its text.
    pub line: String,
}

static LINES: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO provider_logs (provider, position, logged_at, level, line, bytes) VALUES ",
        "(?, ?, ?, ?, ?, ?)",
        "",
    )
});

impl Store {
    /// Lines that are kept of each provider.
    pub const LOG_LINES: u32 = 1_000;
    /// Bytes of text that are kept of each provider.
    pub const LOG_BYTES: u32 = 256 << 10;

    /// Appends lines to a provider's log and drops the oldest past [`Store::LOG_LINES`] and [`Store::LOG_BYTES`].
    ///
    /// # Errors
    ///
    /// Where the database cannot be written; nothing was appended then.
    pub async fn append_log(&self, provider: &ProviderId, lines: &[NewLogLine]) -> Result<(), StoreError> {
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        if count == 0 {
            return Ok(());
        }
        let failed = |error| self.database.error("write a provider's log", error);
        let mut tx = self.database.begin().await?;
        let last = reserve(&mut tx, provider, count).await.map_err(failed)?;
        insert(&mut tx, provider, last - count, lines).await.map_err(failed)?;
        trim(&mut tx, provider, last).await.map_err(failed)?;
        self.database.commit(tx).await
    }

    /// The last `limit` lines of a provider at one of these levels after a position (0 for all), the oldest first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn log_lines(
        &self,
        provider: &ProviderId,
        at_least: LogLevel,
        after: u64,
        limit: u32,
    ) -> Result<Vec<LogLine>, StoreError> {
        const SQL: &str = "SELECT position, logged_at, level, line FROM provider_logs \
            WHERE provider = $1 AND position > $2 AND CASE level WHEN 'trace' THEN 0 WHEN 'debug' THEN 1 \
            WHEN 'info' THEN 2 WHEN 'warn' THEN 3 ELSE 4 END >= $3 ORDER BY position DESC LIMIT $4";
        let mut lines = on!(&self.database.reader, pool => {
            sqlx::query_as::<_, LineRow>(SQL)
                .bind(provider.as_str())
                .bind(i64::try_from(after).unwrap_or(i64::MAX))
                .bind(at_least.rank())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })
        .map_err(|error| self.database.error("read a provider's log", error))?
        .into_iter()
        .map(|row| row.read(provider))
        .collect::<Result<Vec<_>, _>>()?;
        lines.reverse();
        Ok(lines)
    }
}

impl LogLevel {
    /// The same as in the query above.
    fn rank(self) -> i64 {
        match self {
            LogLevel::Trace => 0,
            LogLevel::Debug => 1,
            LogLevel::Info => 2,
            LogLevel::Warn => 3,
            LogLevel::Error => 4,
        }
    }
}

/// By importance.
impl Ord for LogLevel {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for LogLevel {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Takes so many positions, and gives the last of them.
async fn reserve(tx: &mut Tx, provider: &ProviderId, count: i64) -> Result<i64, sqlx::Error> {
    const SQL: &str = "INSERT INTO provider_log_ends (provider, last) VALUES ($1, $2) \
        ON CONFLICT (provider) DO UPDATE SET last = provider_log_ends.last + excluded.last RETURNING last";
    on!(tx, c => {
        sqlx::query_scalar::<_, i64>(SQL).bind(provider.as_str()).bind(count).fetch_one(&mut **c).await
    })
}

async fn insert(tx: &mut Tx, provider: &ProviderId, before: i64, lines: &[NewLogLine]) -> Result<(), sqlx::Error> {
    let lines: Vec<_> = (before + 1..).zip(lines).collect();
    for (sql, piece) in LINES.pieces(&lines) {
        on!(tx, c => {
            let mut query = sqlx::query(sql);
            for (position, line) in piece {
                query = query
                    .bind(provider.as_str())
                    .bind(*position)
                    .bind(line.at.as_millisecond())
                    .bind(line.level.as_str())
                    .bind(&*line.line)
                    .bind(i64::try_from(line.line.len()).unwrap_or(i64::MAX));
            }
            query.execute(&mut **c).await?;
        });
    }
    Ok(())
}

async fn trim(tx: &mut Tx, provider: &ProviderId, last: i64) -> Result<(), sqlx::Error> {
    const BY_COUNT: &str = "DELETE FROM provider_logs WHERE provider = $1 AND position <= $2";
    const BY_BYTES: &str = "DELETE FROM provider_logs WHERE provider = $1 AND position <= (SELECT MAX(position) FROM \
        (SELECT position, SUM(bytes) OVER (ORDER BY position DESC) AS total FROM provider_logs WHERE provider = $1) \
        AS sized WHERE total > $2)";
    on!(tx, c => {
        sqlx::query(BY_COUNT)
            .bind(provider.as_str())
            .bind(last - i64::from(Store::LOG_LINES))
            .execute(&mut **c)
            .await?;
        sqlx::query(BY_BYTES).bind(provider.as_str()).bind(i64::from(Store::LOG_BYTES)).execute(&mut **c).await?;
    });
    Ok(())
}

#[derive(FromRow)]
struct LineRow {
    position: i64,
    logged_at: i64,
    level: String,
    line: String,
}

impl LineRow {
    fn read(self, provider: &ProviderId) -> Result<LogLine, StoreError> {
        let reading = Reading { table: "provider_logs", row: provider.as_str() };
        Ok(LogLine {
            position: self.position.unsigned_abs(),
            at: reading.moment("logged_at", self.logged_at)?,
            level: reading.parse("level", &self.level)?,
            line: self.line,
        })
    }
}
