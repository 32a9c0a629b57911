//! What operators set for providers: for one account, or for all accounts that have no value of their own.

use autocontent_manifest::{ProviderId, SettingName};
use jiff::Timestamp;
use sqlx::FromRow;

use crate::Store;
use crate::audit::{Action, By};
use crate::database::{Tx, on};
use crate::error::StoreError;
use crate::ids::AccountId;
use crate::notifications::NotificationKind;
use crate::rows::Reading;

/// Stands in the column `account` where a row holds for all accounts.
const ALL: &str = "";

/// A value that an operator set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSetting {
    /// The provider.
    pub provider: ProviderId,
    /// The account; none where it holds for all without a value of their own.
    pub account: Option<AccountId>,
    /// The setting.
    pub name: SettingName,
    /// Its value as JSON.
    pub value: String,
    /// When it was set.
    pub changed_at: Timestamp,
}

impl Store {
    /// Sets values, given as JSON, all or none. Raises the revision, and forgets the notifications that the provider is
    /// misconfigured.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn set_settings(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        values: &[(SettingName, String)],
        by: &By,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO settings (provider, account, name, value, changed_at) \
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider, account, name) \
            DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
        let mut tx = self.database.begin().await?;
        let told: Vec<_> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.enter(&mut tx, by, Action::Set, provider.as_str(), &detail(&told.join(", "), account)).await?;
        for (name, value) in values {
            on!(&mut tx, c => {
                sqlx::query(SQL)
                    .bind(provider.as_str())
                    .bind(column(account))
                    .bind(name.as_str())
                    .bind(value)
                    .bind(by.at.as_millisecond())
                    .execute(&mut **c)
                    .await
                    .map(|_| ())
            })
            .map_err(|error| self.database.error("write a setting", error))?;
        }
        self.commit_configured(tx, provider).await
    }

    /// Forgets values. Returns how many there were; where none was, nothing is changed. Raises the revision.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn unset_settings(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        names: &[SettingName],
        by: &By,
    ) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM settings WHERE provider = $1 AND account = $2 AND name = $3";
        let mut tx = self.database.begin().await?;
        let told: Vec<_> = names.iter().map(SettingName::as_str).collect();
        self.enter(&mut tx, by, Action::Unset, provider.as_str(), &detail(&told.join(", "), account)).await?;
        let mut unset = 0;
        for name in names {
            unset += on!(&mut tx, c => {
                sqlx::query(SQL)
                    .bind(provider.as_str())
                    .bind(column(account))
                    .bind(name.as_str())
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected())
            })
            .map_err(|error| self.database.error("forget a setting", error))?;
        }
        if unset > 0 {
            self.commit_configured(tx, provider).await?;
        }
        Ok(unset)
    }

    /// Everything that is set, by provider, account and name.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn settings(&self) -> Result<Vec<KeptSetting>, StoreError> {
        const SQL: &str = "SELECT provider, account, name, value, changed_at FROM settings \
            ORDER BY provider, account, name";
        on!(&self.database.reader, pool => sqlx::query_as::<_, SettingRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("read the settings", error))?
            .into_iter()
            .map(SettingRow::read)
            .collect()
    }

    /// Commits what may have made a provider configured rightly.
    pub(crate) async fn commit_configured(&self, mut tx: Tx, provider: &ProviderId) -> Result<(), StoreError> {
        self.settle_notifications(&mut tx, NotificationKind::Misconfigured, provider).await?;
        self.database.commit_revised(tx).await
    }
}

/// The column `account`.
pub(crate) fn column(account: Option<AccountId>) -> String {
    account.map_or_else(|| ALL.to_owned(), |account| account.to_string())
}

/// What the column `account` says; none for all.
pub(crate) fn account(reading: &Reading<'_>, column: &str) -> Result<Option<AccountId>, StoreError> {
    reading.parse_optional("account", Some(column).filter(|column| *column != ALL))
}

/// For the audit: what, and for which account.
pub(crate) fn detail(what: &str, account: Option<AccountId>) -> String {
    match account {
        Some(account) => format!("{what} for account {account}"),
        None => what.to_owned(),
    }
}

#[derive(FromRow)]
struct SettingRow {
    provider: String,
    account: String,
    name: String,
    value: String,
    changed_at: i64,
}

impl SettingRow {
    fn read(self) -> Result<KeptSetting, StoreError> {
        let reading = Reading { table: "settings", row: &self.name };
        Ok(KeptSetting {
            provider: reading.parse("provider", &self.provider)?,
            account: account(&reading, &self.account)?,
            name: reading.parse("name", &self.name)?,
            value: self.value,
            changed_at: reading.moment("changed_at", self.changed_at)?,
        })
    }
}
