//! Accounts, providers with their versions, grants, settings and secrets, deliveries, feedback and favourites, in SQLite or
//! PostgreSQL.
//!
//! The SQL is written once, in text that both databases accept; what must differ stands in `dialect`. Each table
//! family has a module with its types and an `impl Store` block, and gives and takes domain types only.
//!
//! What a host writes for every command (deliveries, settlements, votes, reports, favourites, what providers keep) goes through one
//! `writer` that groups whatever waits into one transaction. All else is rare and has a transaction of its own.
//! Everything is durable when its call returns: on SQLite it survives the death of the process (see `dialect`).
//!
//! Tokens and secrets are encrypted by the [`Vault`], whose key file lies outside the database. Who changed a provider's
//! versions, grants, settings or secrets stands in the `audit`.

mod accounts;
mod audit;
mod bulk;
mod database;
mod deliveries;
mod dialect;
mod enablement;
mod encrypted;
mod erasure;
mod error;
mod favourites;
mod feedback;
mod files;
mod grants;
mod history;
mod ids;
mod lane;
mod member;
mod migrations;
mod notifications;
mod provider_logs;
mod providers;
mod rows;
mod secrets;
mod seen;
mod service_keys;
mod settings;
mod statistics;
mod storage;
#[cfg(feature = "testing")]
pub mod testing;
mod url;
mod vault;
mod versions;
mod writer;

pub use accounts::{Account, Desired, NewAccount, Status, Transport};
pub use audit::{Action, AuditEntry, By};
pub use deliveries::{Delivery, DeliveryState, NewDelivery, NewItem, Settled, Trigger};
pub use erasure::Erased;
pub use error::StoreError;
pub use favourites::{Favourite, NewFavourite};
pub use feedback::{Tally, Vote};
pub use grants::Grant;
pub use history::HistoryFilter;
pub use ids::{
    AccountId, AccountName, Actor, ApplicationId, ChannelId, ComponentDigest, DeliveryId, GuildId, InvalidId, MemberId,
    MessageId,
};
pub use member::{CastVote, KeptEntry, MadeReport};
pub use notifications::{NewNotification, Notification, NotificationKind};
pub use provider_logs::{LogLevel, LogLine, NewLogLine};
pub use providers::{Installed, NewProvider, Origin, Versions};
pub use secrets::KeptSecret;
pub use settings::KeptSetting;
pub use statistics::{Function, Latency, Measure, Outcome, Statistic};
pub use storage::{DataOwner, StorageAddress, StorageKey};
pub use url::{DatabaseUrl, DatabaseUrlError};
pub use vault::{Place, Vault, VaultError};
pub use versions::Turn;

use database::{Database, on};
use writer::Writer;

/// An open database. Cheap to clone; all clones share the connections and the writer.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    writer: Writer,
    vault: Vault,
}

impl Store {
    /// Opens the database, creates it where it is missing (SQLite only), and brings its schema up to date under a
    /// lock, so that several processes may start at once. Writes the vault's key file where it is still missing.
    ///
    /// # Errors
    ///
    /// Where the database cannot be reached, is no database, is of a newer version, or holds secrets that this vault's keys
    /// cannot read. What is there is then left as it is.
    pub async fn open(url: &DatabaseUrl, vault: Vault) -> Result<Store, StoreError> {
        let database = dialect::connect(url).await?;
        if let Err(error) = migrations::migrate(&database, &vault).await {
            database.close().await;
            return Err(error);
        }
        match Writer::start(database.clone()) {
            Ok(writer) => Ok(Store { database, writer, vault }),
            Err(error) => {
                database.close().await;
                Err(error)
            }
        }
    }

    /// A counter that every change of accounts, providers, their grants, settings and secrets, and enablement raises, in
    /// the same transaction.
    /// A running host that polls it sees what another process changed. An account's reported status does not raise it.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, i64>("SELECT value FROM revision").fetch_one(pool).await
        })
        .map_err(|error| self.database.error("read the revision", error))
    }

    /// Where the data lies, without user and password: "sqlite:PATH" or "postgres://HOST:PORT/NAME".
    #[must_use]
    pub fn location(&self) -> &str {
        &self.database.location
    }

    /// How many writes of commands wait to be taken into a transaction.
    #[must_use]
    pub fn waiting_writes(&self) -> usize {
        self.writer.waiting()
    }

    /// Writes what still waits, then closes all connections. Calls that come later fail with
    /// [`StoreError::Closed`]. Calling it again does nothing.
    pub async fn close(&self) {
        self.writer.close().await;
        self.database.close().await;
    }
}
