//! The bots that users registered, with their encrypted tokens.

use jiff::Timestamp;
use secrecy::SecretString;
use sqlx::FromRow;

use crate::Store;
use crate::database::on;
use crate::error::StoreError;
use crate::ids::{AccountId, AccountName, ApplicationId};
use crate::rows::{Reading, words};
use crate::vault::Place;

words! {
    /// How Discord's interactions reach the bot.
    Transport {
        /// Over a gateway socket that the bot holds.
        Gateway = "gateway",
        /// By HTTP requests that Discord makes.
        Http = "http",
    }
}

words! {
    /// What the owner wants.
    Desired {
        /// The bot is to run.
        Running = "running",
        /// The bot is to rest.
        Stopped = "stopped",
    }
}

words! {
    /// What the bot does, as its node last reported.
    Status {
        /// It does not run.
        Stopped = "stopped",
        /// It is being started.
        Starting = "starting",
        /// It takes commands.
        Running = "running",
        /// It lost its connection, or could not get one, and tries again.
        Waiting = "waiting",
        /// It gave up on what cannot heal; the reason says on what.
        Failed = "failed",
    }
}

/// A bot to be registered.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its id, new.
    pub id: AccountId,
    /// Its name, unique on this host.
    pub name: AccountName,
    /// The bot token.
    pub token: SecretString,
    /// How interactions reach it.
    pub transport: Transport,
    /// Whether it is to run.
    pub desired: Desired,
    /// Now.
    pub created_at: Timestamp,
}

/// A registered bot. Its token is asked for alone: [`Store::token`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name, unique on this host.
    pub name: AccountName,
    /// Its Discord application, once the bot has logged in.
    pub application: Option<ApplicationId>,
    /// The application's Ed25519 key in hexadecimal, once the bot has logged in.
    pub public_key: Option<String>,
    /// How interactions reach it.
    pub transport: Transport,
    /// What its owner wants.
    pub desired: Desired,
    /// What it does.
    pub status: Status,
    /// Why it waits or failed, in words for its owner.
    pub reason: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl Store {
    /// Registers a bot. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NameTaken`], or where the database cannot be written.
    pub async fn add_account(&self, new: NewAccount) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO accounts (id, name, token, transport, desired, status, created_at) \
            VALUES ($1, $2, $3, $4, $5, 'stopped', $6)";
        let id = new.id.to_string();
        let token = self.vault.seal(token_of(&id), &new.token)?;
        let mut tx = self.database.begin().await?;
        let added = on!(&mut tx, c => {
            sqlx::query(SQL)
                .bind(id)
                .bind(new.name.as_str())
                .bind(token)
                .bind(new.transport.as_str())
                .bind(new.desired.as_str())
                .bind(new.created_at.as_millisecond())
                .execute(&mut **c)
                .await
                .map(|_| ())
        });
        match added {
            Ok(()) => self.database.commit_revised(tx).await,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Err(StoreError::NameTaken { name: new.name.to_string() })
            }
            Err(error) => Err(self.database.error("add an account", error)),
        }
    }

    /// All accounts, by name.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        const SQL: &str = "SELECT id, name, application, public_key, transport, desired, status, reason, created_at \
            FROM accounts ORDER BY name";
        on!(&self.database.reader, pool => sqlx::query_as::<_, AccountRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("list the accounts", error))?
            .into_iter()
            .map(AccountRow::read)
            .collect()
    }

    /// The account of this name.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], or where the database cannot be read.
    pub async fn account_named(&self, name: &AccountName) -> Result<Account, StoreError> {
        const SQL: &str = "SELECT id, name, application, public_key, transport, desired, status, reason, created_at \
            FROM accounts WHERE name = $1";
        on!(&self.database.reader, pool => {
            sqlx::query_as::<_, AccountRow>(SQL).bind(name.as_str()).fetch_optional(pool).await
        })
        .map_err(|error| self.database.error("look up an account", error))?
        .ok_or_else(|| StoreError::NoSuchAccount { account: name.to_string() })?
        .read()
    }

    /// The bot's token.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], [`StoreError::Vault`] where it cannot be decrypted, or where the database cannot
    /// be read.
    pub async fn token(&self, account: AccountId) -> Result<SecretString, StoreError> {
        let id = account.to_string();
        let sealed = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, Vec<u8>>("SELECT token FROM accounts WHERE id = $1")
                .bind(&id)
                .fetch_optional(pool)
                .await
        })
        .map_err(|error| self.database.error("read a token", error))?
        .ok_or_else(|| no_such(account))?;
        Ok(self.vault.open(token_of(&id), &sealed)?)
    }

    /// Takes a new token. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], or where the database cannot be written.
    pub async fn replace_token(&self, account: AccountId, token: &SecretString) -> Result<(), StoreError> {
        let id = account.to_string();
        let sealed = self.vault.seal(token_of(&id), token)?;
        let mut tx = self.database.begin().await?;
        let changed = on!(&mut tx, c => {
            sqlx::query("UPDATE accounts SET token = $2 WHERE id = $1")
                .bind(id)
                .bind(sealed)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("write a token", error))?;
        found(account, changed)?;
        self.database.commit_revised(tx).await
    }

    /// Says whether the bot is to run. Where one that failed is to run, its failure is forgotten, so that it tries again.
    /// Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], or where the database cannot be written.
    pub async fn set_desired(&self, account: AccountId, desired: Desired) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE accounts SET desired = $2, \
            status = CASE WHEN $2 = 'running' AND status = 'failed' THEN 'stopped' ELSE status END, \
            reason = CASE WHEN $2 = 'running' AND status = 'failed' THEN NULL ELSE reason END \
            WHERE id = $1";
        let mut tx = self.database.begin().await?;
        let changed = on!(&mut tx, c => {
            sqlx::query(SQL)
                .bind(account.to_string())
                .bind(desired.as_str())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("change what is wanted of an account", error))?;
        found(account, changed)?;
        self.database.commit_revised(tx).await
    }

    /// Takes down what the bot learnt about itself when it logged in. Raises the revision where it is news.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], or where the database cannot be written.
    pub async fn set_identity(
        &self,
        account: AccountId,
        application: ApplicationId,
        public_key: &str,
    ) -> Result<(), StoreError> {
        const KNOWN: &str = "SELECT COUNT(*) FROM accounts WHERE id = $1 AND application = $2 AND public_key = $3";
        let (id, application) = (account.to_string(), application.to_string());
        let known = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, i64>(KNOWN).bind(&id).bind(&application).bind(public_key).fetch_one(pool).await
        })
        .map_err(|error| self.database.error("read an account's identity", error))?;
        if known > 0 {
            return Ok(());
        }
        let mut tx = self.database.begin().await?;
        let changed = on!(&mut tx, c => {
            sqlx::query("UPDATE accounts SET application = $2, public_key = $3 WHERE id = $1")
                .bind(id)
                .bind(application)
                .bind(public_key)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("write an account's identity", error))?;
        found(account, changed)?;
        self.database.commit_revised(tx).await
    }

    /// Takes down what the bot does. Does not raise the revision, as nothing is wanted by it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], or where the database cannot be written.
    pub async fn set_status(&self, account: AccountId, status: Status, reason: Option<&str>) -> Result<(), StoreError> {
        let changed = on!(&self.database.writer, pool => {
            sqlx::query("UPDATE accounts SET status = $2, reason = $3 WHERE id = $1")
                .bind(account.to_string())
                .bind(status.as_str())
                .bind(reason)
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("write an account's status", error))?;
        found(account, changed)
    }

    /// Forgets the account, its token, what was enabled for it, and the settings, secrets and notifications of its own.
    /// Its history stays. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAccount`], or where the database cannot be written.
    pub async fn remove_account(&self, account: AccountId) -> Result<(), StoreError> {
        const BELONGINGS: [&str; 3] = [
            "DELETE FROM settings WHERE account = $1",
            "DELETE FROM secrets WHERE account = $1",
            "DELETE FROM notifications WHERE account = $1",
        ];
        let mut tx = self.database.begin().await?;
        let removed = on!(&mut tx, c => async {
            for sql in BELONGINGS {
                sqlx::query(sql).bind(account.to_string()).execute(&mut **c).await?;
            }
            let done = sqlx::query("DELETE FROM accounts WHERE id = $1").bind(account.to_string()).execute(&mut **c).await?;
            Ok(done.rows_affected())
        }.await)
        .map_err(|error| self.database.error("remove an account", error))?;
        found(account, removed)?;
        self.database.commit_revised(tx).await
    }
}

fn token_of(id: &str) -> Place<'_> {
    Place { table: "accounts", row: id, column: "token" }
}

fn found(account: AccountId, rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(no_such(account)) } else { Ok(()) }
}

fn no_such(account: AccountId) -> StoreError {
    StoreError::NoSuchAccount { account: account.to_string() }
}

#[derive(FromRow)]
struct AccountRow {
    id: String,
    name: String,
    application: Option<String>,
    public_key: Option<String>,
    transport: String,
    desired: String,
    status: String,
    reason: Option<String>,
    created_at: i64,
}

impl AccountRow {
    fn read(self) -> Result<Account, StoreError> {
        let reading = Reading { table: "accounts", row: &self.id };
        Ok(Account {
            id: reading.parse("id", &self.id)?,
            name: reading.parse("name", &self.name)?,
            application: reading.parse_optional("application", self.application.as_deref())?,
            public_key: self.public_key,
            transport: reading.parse("transport", &self.transport)?,
            desired: reading.parse("desired", &self.desired)?,
            status: reading.parse("status", &self.status)?,
            reason: self.reason,
            created_at: reading.moment("created_at", self.created_at)?,
        })
    }
}
