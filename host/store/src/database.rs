//! Connections to either database, and how one query text runs on both.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::dialect;
use crate::error::StoreError;

/// The same thing of one database or the other.
#[derive(Clone, Debug)]
pub(crate) enum Either<S, P> {
    Sqlite(S),
    Postgres(P),
}

pub(crate) type Pool = Either<SqlitePool, PgPool>;
pub(crate) type Connection = Either<PoolConnection<Sqlite>, PoolConnection<Postgres>>;
pub(crate) type Tx = Either<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>;

/// A connection in a transaction, whoever began it.
pub(crate) type Executor<'a> = Either<&'a mut SqliteConnection, &'a mut PgConnection>;

impl<'a> Executor<'a> {
    pub(crate) fn of(connection: &'a mut Connection) -> Executor<'a> {
        match connection {
            Either::Sqlite(connection) => Either::Sqlite(connection),
            Either::Postgres(connection) => Either::Postgres(connection),
        }
    }

    pub(crate) fn of_transaction(tx: &'a mut Tx) -> Executor<'a> {
        match tx {
            Either::Sqlite(tx) => Either::Sqlite(tx),
            Either::Postgres(tx) => Either::Postgres(tx),
        }
    }
}

/// Expands one expression for both databases: `on!(&pool, pool => sqlx::query(SQL).fetch_all(pool).await)`.
/// Of a [`Connection`], a [`Tx`] or an [`Executor`] what runs it is `&mut **c`.
macro_rules! on {
    ($either:expr, $inner:ident => $body:expr) => {
        match $either {
            $crate::database::Either::Sqlite($inner) => $body,
            $crate::database::Either::Postgres($inner) => $body,
        }
    };
}
pub(crate) use on;

/// The connections of one store.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    /// Where it lies, without user and password; for errors.
    pub(crate) location: Arc<str>,
    /// For writing; on SQLite it holds one connection, as there is one writer at a time anyway.
    pub(crate) writer: Pool,
    /// For reading; on PostgreSQL the same pool.
    pub(crate) reader: Pool,
}

impl Database {
    /// A transaction for a rare change. It is rolled back when dropped.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        match &self.writer {
            Either::Sqlite(pool) => pool.begin_with(dialect::BEGIN_SQLITE).await.map(Either::Sqlite),
            Either::Postgres(pool) => pool.begin_with(dialect::BEGIN_POSTGRES).await.map(Either::Postgres),
        }
        .map_err(|error| self.error("begin a transaction", error))
    }

    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        on!(tx, tx => tx.commit().await).map_err(|error| self.error("commit a transaction", error))
    }

    /// Commits a change that a running host must notice.
    pub(crate) async fn commit_revised(&self, mut tx: Tx) -> Result<(), StoreError> {
        on!(&mut tx, c => sqlx::query("UPDATE revision SET value = value + 1").execute(&mut **c).await.map(|_| ()))
            .map_err(|error| self.error("raise the revision", error))?;
        self.commit(tx).await
    }

    /// Says what was tried when the database answered `error`.
    pub(crate) fn error(&self, tried: &'static str, error: sqlx::Error) -> StoreError {
        StoreError::of(&self.location, tried, error)
    }

    pub(crate) async fn close(&self) {
        on!(&self.reader, pool => pool.close().await);
        on!(&self.writer, pool => pool.close().await);
    }
}
