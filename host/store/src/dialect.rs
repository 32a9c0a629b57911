//! All that differs between SQLite and PostgreSQL.
//!
//! SQLite runs in WAL mode with `synchronous = NORMAL`: a committed transaction is with the operating system when the
//! call returns, so it survives the death of the process (SIGKILL too); a power cut may lose the last moments but
//! leaves the database whole. PostgreSQL keeps its own settings, by default durable against both.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, SqliteConnection};

use crate::database::{Connection, Database, Either, Tx};
use crate::error::StoreError;
use crate::files;
use crate::url::{DatabaseUrl, Kind};

/// Takes the write lock at once, so that no transaction fails half-way because another one writes.
pub(crate) const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";
/// What the connection of the `lane` is set to: as all others, but it waits for nothing.
pub(crate) const LANE_SQLITE: &str = "PRAGMA busy_timeout = 0; PRAGMA synchronous = NORMAL; \
    PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0";
pub(crate) const BEGIN_POSTGRES: &str = "BEGIN";

/// How long to wait for a connection or for another process's lock before the caller gets an error.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections for reading on SQLite: history and catalogue reads are short, and more would only share the same cores.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL: one is the writer's, the others read.
const POSTGRES_CONNECTIONS: u32 = 8;
/// Chosen once and kept for ever: hosts of all versions must agree on it. It spells "autocont".
const POSTGRES_MIGRATION_LOCK: i64 = 0x6175_746f_636f_6e74;

/// Puts the types of columns into the text of a migration. Texts order by their bytes in both databases, whatever the
/// locale of a PostgreSQL server is.
pub(crate) fn column_types(tx: &Tx, sql: &str) -> String {
    match tx {
        Either::Sqlite(_) => sql.replace("{blob}", "BLOB"),
        Either::Postgres(_) => sql.replace("{blob}", "BYTEA").replace(" TEXT", " TEXT COLLATE \"C\""),
    }
}

/// Keeps every other process from migrating until the transaction ends. On SQLite `BEGIN IMMEDIATE` did.
pub(crate) async fn lock_migrations(tx: &mut Tx) -> Result<(), sqlx::Error> {
    if let Either::Postgres(tx) = tx {
        // Without this, `IF NOT EXISTS` puts a notice into the log at every start.
        sqlx::query("SET LOCAL client_min_messages = warning").execute(&mut **tx).await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(POSTGRES_MIGRATION_LOCK).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Keeps every other transaction from entering something into the audit until this one ends. On SQLite `BEGIN IMMEDIATE`
/// did.
pub(crate) async fn lock_audit(tx: &mut Tx) -> Result<(), sqlx::Error> {
    if let Either::Postgres(tx) = tx {
        sqlx::query("LOCK TABLE audit IN EXCLUSIVE MODE").execute(&mut **tx).await?;
    }
    Ok(())
}

/// Begins the writer's transaction.
pub(crate) async fn begin(connection: &mut Connection) -> Result<(), sqlx::Error> {
    match connection {
        Either::Sqlite(c) => sqlx::query(BEGIN_SQLITE).execute(&mut **c).await.map(|_| ()),
        Either::Postgres(c) => sqlx::query(BEGIN_POSTGRES).execute(&mut **c).await.map(|_| ()),
    }
}

/// Opens the connections that `url` names.
pub(crate) async fn connect(url: &DatabaseUrl) -> Result<Database, StoreError> {
    let location = url.to_string();
    match &url.kind {
        Kind::Sqlite(path) => connect_sqlite(&location, path).await,
        Kind::Postgres(options) => connect_postgres(&location, options).await,
    }
}

async fn connect_sqlite(location: &str, path: &Path) -> Result<Database, StoreError> {
    if path.is_dir() {
        return Err(StoreError::Folder { path: path.to_owned() });
    }
    create_file(path)?;
    let plain = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .disable_statement_logging();
    refuse_foreign(location, path, &plain).await?;
    let options = plain.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
    enter_wal(location, &options).await?;
    let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
    let readers = options.clone().pragma("query_only", "ON");
    Ok(Database {
        location: location.into(),
        writer: Either::Sqlite(pool().max_connections(1).connect_lazy_with(options)),
        reader: Either::Sqlite(pool().max_connections(SQLITE_READERS).connect_lazy_with(readers)),
    })
}

/// SQLite gives its `-wal` and `-shm` files the mode of the database, 0600.
fn create_file(path: &Path) -> Result<(), StoreError> {
    match files::create_folder_of(path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(StoreError::FolderMissing { path: path.to_owned() });
        }
        Err(error) => return Err(StoreError::file("create the folder of", path, error)),
    }
    files::write_new(path, b"").map_err(|error| StoreError::file("create", path, error)).map(|_| ())
}

/// Refuses a file that is no database, or another program's, before anything is written to it.
async fn refuse_foreign(location: &str, path: &Path, options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let failed = |error| StoreError::of(location, "open the database", error);
    let mut connection = options.connect().await.map_err(failed)?;
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    if tables.is_empty() || tables.iter().any(|table| table == "migrations") {
        Ok(())
    } else {
        Err(StoreError::Foreign { path: path.to_owned() })
    }
}

/// Switches the file to WAL, which stays. SQLite's busy timeout does not cover this step, so two processes that create
/// the same database must be kept apart here.
async fn enter_wal(location: &str, options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let opened: Result<SqliteConnection, _> = options.connect().await;
        match opened.map_err(|error| StoreError::of(location, "open the database", error)) {
            Ok(connection) => {
                return connection.close().await.map_err(|error| StoreError::of(location, "open the database", error));
            }
            Err(StoreError::Busy { .. }) if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn connect_postgres(location: &str, options: &PgConnectOptions) -> Result<Database, StoreError> {
    let options = options.clone().application_name("autocontent").disable_statement_logging();
    let failed = |error| StoreError::of(location, "connect", error);
    // A pool would hide why it cannot connect behind its own timeout.
    let probe = tokio::time::timeout(PATIENCE, options.connect())
        .await
        .map_err(|_| failed(sqlx::Error::PoolTimedOut))?
        .map_err(failed)?;
    probe.close().await.map_err(failed)?;
    let pool =
        PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(PATIENCE).connect_lazy_with(options);
    Ok(Database { location: location.into(), writer: Either::Postgres(pool.clone()), reader: Either::Postgres(pool) })
}
