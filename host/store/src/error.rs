//! What can go wrong, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use autocontent_manifest::ByteSize;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

use crate::ids::DeliveryId;
use crate::vault::VaultError;

/// Why the store could not do what it was asked. Neither text nor source holds a password, a token or a database URL.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder that should hold the data folder is not there.
    #[error("cannot create `{path}`: the folder above its folder does not exist; create it, or correct the path")]
    FolderMissing {
        /// The database file.
        path: PathBuf,
    },
    /// The operating system refused a file or a folder.
    #[error("cannot {tried} `{path}`: {source}; this user needs to read and write it and its folder")]
    File {
        /// What was tried, such as "create the folder".
        tried: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        source: Arc<io::Error>,
    },
    /// The path of the SQLite file is a folder's.
    #[error(
        "`{path}` is a folder; name the file in it that shall be the database, such as `sqlite:{path}/autocontent.db`"
    )]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// SQLite could not open the file.
    #[error("cannot open the file of `{location}`; this user needs to read and write it and its folder")]
    Unopenable {
        /// The database.
        location: String,
    },
    /// The file is no SQLite database. It was not changed.
    #[error("`{location}` is not an SQLite database and was left as it is; name another file, or move this one away")]
    NotADatabase {
        /// The database.
        location: String,
    },
    /// The file is another program's SQLite database. It was not changed.
    #[error("`{path}` is another program's database and was left as it is; name another file")]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// SQLite found the file damaged.
    #[error("`{location}` is damaged ({detail}); restore a backup")]
    Damaged {
        /// The database.
        location: String,
        /// SQLite's words.
        detail: String,
    },
    /// A newer version has changed the schema.
    #[error(
        "`{location}` was last used by a newer version (its schema is {found}, this version knows {known}); start the newer version, or restore a backup from before"
    )]
    Newer {
        /// The database.
        location: String,
        /// The schema's version there.
        found: i64,
        /// The last version that this program knows.
        known: i64,
    },
    /// A migration that ran there has another text here.
    #[error(
        "`{location}` was made by another build (migration {version} differs); start that build, or restore a backup of this one"
    )]
    OtherMigration {
        /// The database.
        location: String,
        /// The migration.
        version: i64,
    },
    /// PostgreSQL does not answer, or the connection was lost. A write that was under way may or may not have been made.
    #[error("cannot reach `{location}`: {detail}; check that PostgreSQL runs there and that the address is right")]
    Unreachable {
        /// The database: host, port and name.
        location: String,
        /// What happened.
        detail: String,
    },
    /// PostgreSQL refused the user or the password.
    #[error("`{location}` refused the login ({detail}); check user and password in the database URL")]
    Login {
        /// The database: host, port and name.
        location: String,
        /// PostgreSQL's words.
        detail: String,
    },
    /// PostgreSQL has no database of that name.
    #[error("`{location}` does not exist; create it with `createdb`, or correct the name")]
    NoDatabase {
        /// The database: host, port and name.
        location: String,
    },
    /// The database takes no writes.
    #[error("`{location}` is read-only; give this user write access to it and its folder, or connect to the primary")]
    ReadOnly {
        /// The database.
        location: String,
    },
    /// The disk is full.
    #[error("no space is left for `{location}`; free some disk space")]
    Full {
        /// The database.
        location: String,
    },
    /// Another process holds the database, or all connections are in use.
    #[error("`{location}` stayed busy for longer than this host waits; try again, and check what else uses it")]
    Busy {
        /// The database.
        location: String,
    },
    /// Another account has the name.
    #[error("there is an account named `{name}` already; choose another name, or remove that account first")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// No account has this name or id.
    #[error("there is no account `{account}`")]
    NoSuchAccount {
        /// What was asked for.
        account: String,
    },
    /// The provider is not installed.
    #[error("the provider `{provider}` is not installed")]
    NoSuchProvider {
        /// What was asked for.
        provider: String,
    },
    /// No component has this digest.
    #[error("no component with the digest `{digest}` is installed")]
    NoSuchComponent {
        /// What was asked for.
        digest: String,
    },
    /// Somebody else changed the provider's versions or grants meanwhile.
    #[error("somebody else changed the provider `{provider}` meanwhile; look at it again, and try again")]
    Overtaken {
        /// The provider.
        provider: String,
    },
    /// The history does not know the delivery.
    #[error("there is no delivery {delivery}")]
    NoSuchDelivery {
        /// What was asked for.
        delivery: DeliveryId,
    },
    /// The delivery was recorded before.
    #[error("the delivery {delivery} is recorded already")]
    AlreadyRecorded {
        /// The delivery.
        delivery: DeliveryId,
    },
    /// What the provider keeps has reached its quota.
    #[error("the provider `{provider}` keeps as much as its quota of {quota} allows; it must forget something first")]
    StorageFull {
        /// The provider.
        provider: String,
        /// The quota in force.
        quota: ByteSize,
    },
    /// A value that was to be added to is no number, or the sum is none of 64 bits.
    #[error("the provider `{provider}` counts with a value that is no whole number, or beyond what 64 bits hold")]
    NotCountable {
        /// The provider.
        provider: String,
    },
    /// A row holds what this version cannot read.
    #[error("`{column}` of the row `{row}` in the table `{table}` cannot be read: {reason}; restore a backup")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The row's key.
        row: String,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The vault could not read or write a secret.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Anything else that the database answered.
    #[error("could not {tried} in `{location}`: {source}")]
    Query {
        /// The database.
        location: String,
        /// What was tried, such as "list the accounts".
        tried: &'static str,
        /// The database's answer.
        source: Arc<sqlx::Error>,
    },
}

impl StoreError {
    /// Tells what an answer of the database means.
    pub(crate) fn of(location: &str, tried: &'static str, error: sqlx::Error) -> StoreError {
        let known = match &error {
            sqlx::Error::PoolTimedOut if location.starts_with("sqlite:") => {
                Some(StoreError::Busy { location: location.to_owned() })
            }
            sqlx::Error::Io(source) if !location.starts_with("sqlite:") => {
                Some(unreachable(location, source.to_string()))
            }
            sqlx::Error::Tls(source) => Some(unreachable(location, source.to_string())),
            sqlx::Error::PoolTimedOut => Some(unreachable(location, "no connection in time".to_owned())),
            sqlx::Error::PoolClosed => Some(StoreError::Closed),
            sqlx::Error::Database(answer) => of_answer(location, answer.as_ref()),
            _ => None,
        };
        known.unwrap_or_else(|| StoreError::Query { location: location.to_owned(), tried, source: Arc::new(error) })
    }

    pub(crate) fn file(tried: &'static str, path: &Path, source: io::Error) -> StoreError {
        StoreError::File { tried, path: path.to_owned(), source: Arc::new(source) }
    }

    /// Whether the next write would meet the same fate, whatever it is.
    pub(crate) fn concerns_every_write(&self) -> bool {
        matches!(
            self,
            StoreError::Folder { .. }
                | StoreError::Unopenable { .. }
                | StoreError::NotADatabase { .. }
                | StoreError::Damaged { .. }
                | StoreError::Unreachable { .. }
                | StoreError::Login { .. }
                | StoreError::NoDatabase { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::Full { .. }
                | StoreError::Busy { .. }
                | StoreError::Closed
        )
    }
}

fn unreachable(location: &str, detail: String) -> StoreError {
    StoreError::Unreachable { location: location.to_owned(), detail }
}

/// The file of shared memory beside the database can't grow: what a full disk is noticed by first.
const SQLITE_IOERR_SHMSIZE: i32 = 4874;

fn of_answer(location: &str, answer: &dyn DatabaseError) -> Option<StoreError> {
    let location = location.to_owned();
    let detail = answer.message().to_owned();
    if let Some(postgres) = answer.try_downcast_ref::<PgDatabaseError>() {
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        return match postgres.code() {
            "25006" => Some(StoreError::ReadOnly { location }),
            "53100" => Some(StoreError::Full { location }),
            "3D000" => Some(StoreError::NoDatabase { location }),
            code if code.starts_with("28") => Some(StoreError::Login { location, detail }),
            // Shutting down, starting up, connection lost, too many connections, database closed to connections.
            code if code.starts_with("57P") || code.starts_with("08") || matches!(code, "53300" | "55000") => {
                Some(StoreError::Unreachable { location, detail })
            }
            _ => None,
        };
    }
    answer.try_downcast_ref::<SqliteError>()?;
    // https://www.sqlite.org/rescode.html; the low byte is the primary code.
    let code = answer.code()?.parse::<i32>().ok()?;
    if code == SQLITE_IOERR_SHMSIZE {
        return Some(StoreError::Full { location });
    }
    match code & 0xff {
        5 | 6 => Some(StoreError::Busy { location }),
        8 => Some(StoreError::ReadOnly { location }),
        11 => Some(StoreError::Damaged { location, detail }),
        13 => Some(StoreError::Full { location }),
        14 => Some(StoreError::Unopenable { location }),
        26 => Some(StoreError::NotADatabase { location }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, SqliteConnection};

    use super::*;

    async fn refused(pragma: (&'static str, &'static str)) -> StoreError {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new().filename(folder.path().join("a.db")).create_if_missing(true);
        let mut connection: SqliteConnection = options.connect().await.unwrap();
        sqlx::query("CREATE TABLE t (a)").execute(&mut connection).await.unwrap();
        let mut connection = options.pragma(pragma.0, pragma.1).connect().await.unwrap();
        let insert = sqlx::query("INSERT INTO t VALUES (zeroblob(100000))").execute(&mut connection).await;
        StoreError::of("sqlite:a.db", "write", insert.unwrap_err())
    }

    #[tokio::test]
    async fn a_full_disk_is_named() {
        let error = refused(("max_page_count", "2")).await;
        assert!(matches!(error, StoreError::Full { .. }), "{error}");
        assert!(error.concerns_every_write());
    }

    #[tokio::test]
    async fn a_read_only_database_is_named() {
        let error = refused(("query_only", "ON")).await;
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
        assert!(error.concerns_every_write());
    }
}
