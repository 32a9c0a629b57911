//! What operators should know and nobody told them. What happens again and again is one notification that counts.

use autocontent_manifest::ProviderId;
use jiff::Timestamp;
use sqlx::FromRow;

use crate::Store;
use crate::database::{Tx, on};
use crate::error::StoreError;
use crate::ids::AccountId;
use crate::rows::{Reading, words};
use crate::settings::{account, column};

words! {
    /// What a notification is about.
    NotificationKind {
        /// A provider says that it is not set up.
        Misconfigured = "misconfigured",
        /// A provider failed so often that it is not asked for a while.
        Paused = "paused",
        /// A version of a provider waits for what it asks for to be granted.
        Waits = "waits",
        /// A version of a provider failed when it was tried, and was given up.
        SmokeFailed = "smoke-failed",
    }
}

/// The longest detail, in characters; what is longer is cut.
const DETAIL: usize = 1_000;

/// Something that an operator should know.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// What it is about.
    pub kind: NotificationKind,
    /// The provider.
    pub provider: ProviderId,
    /// The account where it happened; none where it concerns all.
    pub account: Option<AccountId>,
    /// What happened and what to do. Cut to 1,000 characters.
    pub detail: String,
    /// How often it happened since the last that was kept.
    pub times: u32,
    /// When it happened last.
    pub at: Timestamp,
}

/// Something that an operator should know, until it is cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What it is about.
    pub kind: NotificationKind,
    /// The provider.
    pub provider: ProviderId,
    /// The account where it happened; none where it concerns all.
    pub account: Option<AccountId>,
    /// What happened the last time and what to do.
    pub detail: String,
    /// How often it happened.
    pub times: i64,
    /// When it happened first.
    pub first_at: Timestamp,
    /// When it happened last.
    pub last_at: Timestamp,
}

impl Store {
    /// Keeps a notification; where one of its kind, provider and account is there, it counts there.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn notify(&self, new: NewNotification) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO notifications (kind, provider, account, detail, times, first_at, last_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (kind, provider, account) DO UPDATE SET \
            detail = excluded.detail, times = notifications.times + excluded.times, last_at = excluded.last_at";
        let detail: String = new.detail.chars().take(DETAIL).collect();
        on!(&self.database.writer, pool => {
            sqlx::query(SQL)
                .bind(new.kind.as_str())
                .bind(new.provider.as_str())
                .bind(column(new.account))
                .bind(detail)
                .bind(i64::from(new.times))
                .bind(new.at.as_millisecond())
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(|error| self.database.error("keep a notification", error))
    }

    /// All notifications, the last that happened first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn notifications(&self) -> Result<Vec<Notification>, StoreError> {
        const SQL: &str = "SELECT kind, provider, account, detail, times, first_at, last_at FROM notifications \
            ORDER BY last_at DESC, kind, provider, account";
        on!(&self.database.reader, pool => sqlx::query_as::<_, NotificationRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("read the notifications", error))?
            .into_iter()
            .map(NotificationRow::read)
            .collect()
    }

    /// Forgets the notifications that were seen: those that nothing was added to since. Returns how many.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn clear_notifications(&self, seen: &[Notification]) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM notifications WHERE kind = $1 AND provider = $2 AND account = $3 AND times = $4";
        let mut tx = self.database.begin().await?;
        let mut cleared = 0;
        for one in seen {
            cleared += on!(&mut tx, c => {
                sqlx::query(SQL)
                    .bind(one.kind.as_str())
                    .bind(one.provider.as_str())
                    .bind(column(one.account))
                    .bind(one.times)
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected())
            })
            .map_err(|error| self.database.error("clear the notifications", error))?;
        }
        self.database.commit(tx).await?;
        Ok(cleared)
    }

    /// Forgets what a change of the provider has settled.
    pub(crate) async fn settle_notifications(
        &self,
        tx: &mut Tx,
        kind: NotificationKind,
        provider: &ProviderId,
    ) -> Result<(), StoreError> {
        on!(tx, c => {
            sqlx::query("DELETE FROM notifications WHERE kind = $1 AND provider = $2")
                .bind(kind.as_str())
                .bind(provider.as_str())
                .execute(&mut **c)
                .await
                .map(|_| ())
        })
        .map_err(|error| self.database.error("settle a notification", error))
    }
}

#[derive(FromRow)]
struct NotificationRow {
    kind: String,
    provider: String,
    account: String,
    detail: String,
    times: i64,
    first_at: i64,
    last_at: i64,
}

impl NotificationRow {
    fn read(self) -> Result<Notification, StoreError> {
        let reading = Reading { table: "notifications", row: &self.provider };
        Ok(Notification {
            kind: reading.parse("kind", &self.kind)?,
            provider: reading.parse("provider", &self.provider)?,
            account: account(&reading, &self.account)?,
            detail: self.detail,
            times: self.times,
            first_at: reading.moment("first_at", self.first_at)?,
            last_at: reading.moment("last_at", self.last_at)?,
        })
    }
}
