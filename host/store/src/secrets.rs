//! Secrets of providers, such as the key to an API: encrypted by the vault, for one account or for all without their own.

use autocontent_manifest::{ProviderId, SecretName};
use jiff::Timestamp;
use secrecy::SecretString;
use sqlx::FromRow;

use crate::Store;
use crate::audit::{Action, By};
use crate::database::on;
use crate::error::StoreError;
use crate::ids::AccountId;
use crate::rows::Reading;
use crate::settings::{account, column, detail};
use crate::vault::Place;

/// A secret that was filled in. Its value is asked for alone: [`Store::secret`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSecret {
    /// The provider.
    pub provider: ProviderId,
    /// The account; none where it holds for all without a value of their own.
    pub account: Option<AccountId>,
    /// The secret.
    pub name: SecretName,
    /// When it was filled in.
    pub changed_at: Timestamp,
}

impl Store {
    /// Fills a secret in. Raises the revision, and forgets the notifications that the provider is misconfigured.
    ///
    /// # Errors
    ///
    /// Where the vault or the database cannot be written.
    pub async fn set_secret(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        name: &SecretName,
        value: &SecretString,
        by: &By,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO secrets (provider, account, name, value, changed_at) \
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider, account, name) \
            DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
        let sealed = self.vault.seal(place(&row(provider, account, name)), value)?;
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::SetSecret, provider.as_str(), &detail(name.as_str(), account)).await?;
        on!(&mut tx, c => {
            sqlx::query(SQL)
                .bind(provider.as_str())
                .bind(column(account))
                .bind(name.as_str())
                .bind(sealed)
                .bind(by.at.as_millisecond())
                .execute(&mut **c)
                .await
                .map(|_| ())
        })
        .map_err(|error| self.database.error("write a secret", error))?;
        self.commit_configured(tx, provider).await
    }

    /// Forgets a secret, and says whether there was one. Raises the revision where there was.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn unset_secret(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        name: &SecretName,
        by: &By,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM secrets WHERE provider = $1 AND account = $2 AND name = $3";
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::UnsetSecret, provider.as_str(), &detail(name.as_str(), account)).await?;
        let forgotten = on!(&mut tx, c => {
            sqlx::query(SQL)
                .bind(provider.as_str())
                .bind(column(account))
                .bind(name.as_str())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected() > 0)
        })
        .map_err(|error| self.database.error("forget a secret", error))?;
        if forgotten {
            self.database.commit_revised(tx).await?;
        }
        Ok(forgotten)
    }

    /// The value of a secret, for this account or, with none, for all; none where it was not filled in so.
    ///
    /// # Errors
    ///
    /// Where it cannot be decrypted, or the database cannot be read.
    pub async fn secret(
        &self,
        provider: &ProviderId,
        account: Option<AccountId>,
        name: &SecretName,
    ) -> Result<Option<SecretString>, StoreError> {
        const SQL: &str = "SELECT value FROM secrets WHERE provider = $1 AND account = $2 AND name = $3";
        let sealed = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, Vec<u8>>(SQL)
                .bind(provider.as_str())
                .bind(column(account))
                .bind(name.as_str())
                .fetch_optional(pool)
                .await
        })
        .map_err(|error| self.database.error("read a secret", error))?;
        let row = row(provider, account, name);
        Ok(sealed.map(|sealed| self.vault.open(place(&row), &sealed)).transpose()?)
    }

    /// Which secrets were filled in, by provider, account and name.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn secrets(&self) -> Result<Vec<KeptSecret>, StoreError> {
        const SQL: &str = "SELECT provider, account, name, changed_at FROM secrets ORDER BY provider, account, name";
        on!(&self.database.reader, pool => sqlx::query_as::<_, SecretRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("list the secrets", error))?
            .into_iter()
            .map(SecretRow::read)
            .collect()
    }
}

/// The row's key as `encrypted` has the database put it together. None of the parts has a slash.
fn row(provider: &ProviderId, account: Option<AccountId>, name: &SecretName) -> String {
    format!("{provider}/{}/{name}", column(account))
}

fn place(row: &str) -> Place<'_> {
    Place { table: "secrets", row, column: "value" }
}

#[derive(FromRow)]
struct SecretRow {
    provider: String,
    account: String,
    name: String,
    changed_at: i64,
}

impl SecretRow {
    fn read(self) -> Result<KeptSecret, StoreError> {
        let reading = Reading { table: "secrets", row: &self.name };
        Ok(KeptSecret {
            provider: reading.parse("provider", &self.provider)?,
            account: account(&reading, &self.account)?,
            name: reading.parse("name", &self.name)?,
            changed_at: reading.moment("changed_at", self.changed_at)?,
        })
    }
}
