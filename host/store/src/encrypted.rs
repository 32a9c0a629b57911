//! What concerns every encrypted column: that its keys are there, and their rotation.

use crate::Store;
use crate::database::{Database, Tx, on};
use crate::error::StoreError;
use crate::vault::{Place, Vault};

/// A column that the vault encrypts.
struct Encrypted {
    table: &'static str,
    column: &'static str,
    /// Gives each row's key and its secret.
    read: &'static str,
    /// Puts $2 in place of the row's secret, where it is still $3.
    write: &'static str,
}

const ENCRYPTED: [Encrypted; 3] = [
    Encrypted {
        table: "accounts",
        column: "token",
        read: "SELECT id, token FROM accounts",
        write: "UPDATE accounts SET token = $2 WHERE id = $1 AND token = $3",
    },
    Encrypted {
        table: "service_keys",
        column: "key",
        read: "SELECT name, key FROM service_keys",
        write: "UPDATE service_keys SET key = $2 WHERE name = $1 AND key = $3",
    },
    Encrypted {
        table: "secrets",
        column: "value",
        read: "SELECT provider || '/' || account || '/' || name, value FROM secrets",
        write: "UPDATE secrets SET value = $2 WHERE provider || '/' || account || '/' || name = $1 AND value = $3",
    },
];

impl Store {
    /// Adds a key to the vault's key file and encrypts every secret again with it, in one transaction. The old keys stay
    /// in the file, for backups. Returns how many secrets there are.
    ///
    /// # Errors
    ///
    /// Where the key file cannot be written, a secret cannot be decrypted (all then stay as they are), or the database
    /// cannot be written.
    pub async fn rotate_keys(&self) -> Result<usize, StoreError> {
        self.vault.rotate()?;
        let mut tx = self.database.begin().await?;
        let mut secrets = 0;
        for encrypted in &ENCRYPTED {
            secrets += self.encrypt_again(&mut tx, encrypted).await?;
        }
        self.database.commit(tx).await?;
        Ok(secrets)
    }

    async fn encrypt_again(&self, tx: &mut Tx, encrypted: &Encrypted) -> Result<usize, StoreError> {
        let Encrypted { table, column, read, write } = *encrypted;
        let rows = on!(&mut *tx, c => sqlx::query_as::<_, (String, Vec<u8>)>(read).fetch_all(&mut **c).await)
            .map_err(|error| self.database.error("read the secrets", error))?;
        let secrets = rows.len();
        for (row, old) in rows {
            let place = Place { table, row: &row, column };
            let new = self.vault.seal(place, &self.vault.open(place, &old)?)?;
            on!(&mut *tx, c => sqlx::query(write).bind(row).bind(new).bind(old).execute(&mut **c).await.map(|_| ()))
                .map_err(|error| self.database.error("write a secret", error))?;
        }
        Ok(secrets)
    }
}

/// Whether the vault has the keys of all that is encrypted here.
pub(crate) async fn check_keys(database: &Database, tx: &mut Tx, vault: &Vault) -> Result<(), StoreError> {
    for Encrypted { read, .. } in &ENCRYPTED {
        let rows = on!(&mut *tx, c => sqlx::query_as::<_, (String, Vec<u8>)>(*read).fetch_all(&mut **c).await)
            .map_err(|error| database.error("read the secrets", error))?;
        rows.iter().try_for_each(|(_, sealed)| vault.has_key_of(sealed))?;
    }
    Ok(())
}
