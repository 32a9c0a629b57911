//! Which account offers which provider.

use autocontent_manifest::ProviderId;

use crate::Store;
use crate::audit::{Action, By};
use crate::database::on;
use crate::error::StoreError;
use crate::ids::AccountId;
use crate::rows::Reading;

impl Store {
    /// Lets the account offer the provider. Doing it again changes nothing. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], [`StoreError::NoSuchProvider`], or where the database cannot be written.
    pub async fn enable(&self, account: AccountId, provider: &ProviderId, by: &By) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO enablement (account, provider, enabled_at) VALUES ($1, $2, $3) \
            ON CONFLICT (account, provider) DO NOTHING";
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Enable, provider.as_str(), &format!("for account {account}")).await?;
        let enabled = on!(&mut tx, c => {
            sqlx::query(SQL)
                .bind(account.to_string())
                .bind(provider.as_str())
                .bind(by.at.as_millisecond())
                .execute(&mut **c)
                .await
                .map(|_| ())
        });
        match enabled {
            Ok(()) => self.database.commit_revised(tx).await,
            Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => {
                drop(tx);
                Err(self.whichever_is_missing(account, provider).await?)
            }
            Err(error) => Err(self.database.error("enable a provider", error)),
        }
    }

    /// Takes the provider from the account. Doing it again changes nothing. Raises the revision.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn disable(&self, account: AccountId, provider: &ProviderId, by: &By) -> Result<(), StoreError> {
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Disable, provider.as_str(), &format!("for account {account}")).await?;
        on!(&mut tx, c => {
            sqlx::query("DELETE FROM enablement WHERE account = $1 AND provider = $2")
                .bind(account.to_string())
                .bind(provider.as_str())
                .execute(&mut **c)
                .await
                .map(|_| ())
        })
        .map_err(|error| self.database.error("disable a provider", error))?;
        self.database.commit_revised(tx).await
    }

    /// All that is enabled, by account and provider.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn enabled(&self) -> Result<Vec<(AccountId, ProviderId)>, StoreError> {
        const SQL: &str = "SELECT account, provider FROM enablement ORDER BY account, provider";
        on!(&self.database.reader, pool => sqlx::query_as::<_, (String, String)>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("list what is enabled", error))?
            .iter()
            .map(|(account, provider)| {
                let reading = Reading { table: "enablement", row: account };
                Ok((reading.parse("account", account)?, reading.parse("provider", provider)?))
            })
            .collect()
    }

    async fn whichever_is_missing(&self, account: AccountId, provider: &ProviderId) -> Result<StoreError, StoreError> {
        let accounts = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM accounts WHERE id = $1")
                .bind(account.to_string())
                .fetch_one(pool)
                .await
        })
        .map_err(|error| self.database.error("look up an account", error))?;
        Ok(if accounts == 0 {
            StoreError::NoSuchAccount { account: account.to_string() }
        } else {
            StoreError::NoSuchProvider { provider: provider.to_string() }
        })
    }
}
