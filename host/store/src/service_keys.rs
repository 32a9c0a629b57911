//! The host's own keys, such as the one that signs buttons: made once, the same on every node and after every start.

use chacha20poly1305::Key;
use chacha20poly1305::aead::Generate as _;
use secrecy::SecretString;

use crate::Store;
use crate::database::on;
use crate::error::StoreError;
use crate::vault::{Place, VaultError};

impl Store {
    /// The key of this name; made where there is none yet. 256 bits, as 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// Where the key cannot be decrypted, or the database cannot be read or written.
    pub async fn service_key(&self, name: &str) -> Result<SecretString, StoreError> {
        if let Some(key) = self.kept_key(name).await? {
            return Ok(key);
        }
        let key = Key::try_generate().map_err(|_| VaultError::NoRandomness)?;
        let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.keep_service_key(name, &key.into()).await?;
        self.kept_key(name).await?.ok_or_else(|| self.database.error("keep a service key", sqlx::Error::RowNotFound))
    }

    /// Gives the key of this name a value; where there is one already, that stays. For whoever wants what is made with it to
    /// be the same each time, as an author's tests do.
    ///
    /// # Errors
    ///
    /// Where the key cannot be encrypted, or the database cannot be written.
    pub async fn keep_service_key(&self, name: &str, key: &SecretString) -> Result<(), StoreError> {
        let sealed = self.vault.seal(key_of(name), key)?;
        // Another node may have made one meanwhile; the first counts.
        on!(&self.database.writer, pool => {
            sqlx::query("INSERT INTO service_keys (name, key) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(name)
                .bind(sealed)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(|error| self.database.error("keep a service key", error))
    }

    async fn kept_key(&self, name: &str) -> Result<Option<SecretString>, StoreError> {
        let sealed = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, Vec<u8>>("SELECT key FROM service_keys WHERE name = $1")
                .bind(name)
                .fetch_optional(pool)
                .await
        })
        .map_err(|error| self.database.error("read a service key", error))?;
        Ok(sealed.map(|sealed| self.vault.open(key_of(name), &sealed)).transpose()?)
    }
}

fn key_of(name: &str) -> Place<'_> {
    Place { table: "service_keys", row: name, column: "key" }
}
