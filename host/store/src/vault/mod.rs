//! Secrets at rest.
//!
//! A copy of the database alone, such as a backup or a leak by SQL injection, must give no token away: each secret is
//! encrypted by XChaCha20-Poly1305 with a key from a file outside the database. The place of the secret (table, row and
//! column) is authenticated with it, so that whoever can write to the database cannot move one account's token to another.
//! What is stored is one byte for the format, four for the key's id, 24 of random nonce, and the ciphertext.

mod key_file;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead as _, Generate as _, Payload};
use secrecy::{ExposeSecret as _, SecretString};

use key_file::{KeyId, Ring};

const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// Encrypts and decrypts secrets. Cheap to clone; clones share the keys.
///
/// It takes its randomness from the operating system and from nowhere else: a nonce that a seed could repeat would give
/// the secrets away.
#[derive(Clone)]
pub struct Vault {
    file: Arc<Path>,
    ring: Arc<RwLock<Ring>>,
    /// What the key file will hold, as long as it is not written.
    draft: Arc<Mutex<Option<SecretString>>>,
}

/// The row and column that a secret belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table's name.
    pub table: &'static str,
    /// The row's key.
    pub row: &'a str,
    /// The column's name.
    pub column: &'static str,
}

/// Why a secret, or the key file, cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The operating system refused the file.
    #[error(
        "cannot {tried} the key file `{file}`: {source}; this user needs to read and write it and its folder, and the folder above must exist"
    )]
    File {
        /// What was tried.
        tried: &'static str,
        /// The key file.
        file: PathBuf,
        /// The operating system's answer.
        source: Arc<io::Error>,
    },
    /// Others may read the file.
    #[error(
        "other users can read the key file `{file}` (mode {mode:03o}); run `chmod 600 {file}`, and if they may have read it, rotate the keys and replace the tokens"
    )]
    Exposed {
        /// The key file.
        file: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file does not hold keys.
    #[error(
        "line {line} of the key file `{file}` is no key (8 hexadecimal digits, a space and 64 more); restore the file from its backup"
    )]
    NotAKey {
        /// The key file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The file holds no key at all.
    #[error(
        "the key file `{file}` holds no key; restore it from its backup, or remove it to begin anew without the old secrets"
    )]
    NoKeys {
        /// The key file.
        file: PathBuf,
    },
    /// There is no file, and there are secrets.
    #[error(
        "the key file `{file}` is missing, and the database has secrets that only its keys can read; restore the file from its backup, or begin with another database; nothing was changed"
    )]
    Lost {
        /// The key file.
        file: PathBuf,
    },
    /// The secret was encrypted with a key that is not in the file.
    #[error(
        "a secret was encrypted with the key {key}, which is not in the key file `{file}`; restore that file from its backup"
    )]
    UnknownKey {
        /// The key file.
        file: PathBuf,
        /// The key's id.
        key: String,
    },
    /// The key is wrong, or the secret was changed or moved.
    #[error(
        "the secret `{column}` of `{row}` in the table `{table}` cannot be decrypted with the key file `{file}`: its key was changed, or the secret was; restore the file from its backup, or replace the secret"
    )]
    Undecryptable {
        /// The key file.
        file: PathBuf,
        /// The table.
        table: &'static str,
        /// The row's key.
        row: String,
        /// The column.
        column: &'static str,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gives no random numbers, which a secret needs")]
    NoRandomness,
}

impl Vault {
    /// Reads the key file. Where there is none a new key is made, which [`Vault::keep`] writes there;
    /// [`crate::Store::open`] calls it once it is sure that the database has no secret of a key that was lost.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, can be read by others, or does not hold keys.
    pub fn open_or_create(file: &Path) -> Result<Vault, VaultError> {
        let (ring, draft) = if file.try_exists().unwrap_or(true) {
            (key_file::read(file)?, None)
        } else {
            let draft = key_file::draft()?;
            (key_file::parse_all(file, &draft)?, Some(draft))
        };
        Ok(Vault { file: file.into(), ring: Arc::new(RwLock::new(ring)), draft: Arc::new(Mutex::new(draft)) })
    }

    /// Writes the new key into the key file where there is none yet, with mode 0600, and makes its folder, with mode 0700.
    /// Where another process was faster, its key counts.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written or read.
    pub fn keep(&self) -> Result<(), VaultError> {
        let mut draft = self.draft.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(content) = &*draft
            && !key_file::create(&self.file, content)?
        {
            self.reload()?;
        }
        *draft = None;
        Ok(())
    }

    /// Adds a new key, which encrypts from now on. The old ones stay, to read what they encrypted;
    /// [`crate::Store::rotate_keys`] then encrypts that again.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written, or no longer holds keys.
    pub fn rotate(&self) -> Result<(), VaultError> {
        self.keep()?;
        key_file::append(&self.file)?;
        self.reload()
    }

    /// Encrypts a secret for its place.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoRandomness`].
    pub fn seal(&self, place: Place<'_>, secret: &SecretString) -> Result<Vec<u8>, VaultError> {
        let nonce = XNonce::try_generate().map_err(|_| VaultError::NoRandomness)?;
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: &place.bytes() };
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let (id, cipher) = ring.current();
        // It refuses only what is longer than 256 GiB.
        let ciphertext = cipher.encrypt(&nonce, payload).map_err(|_| self.undecryptable(place))?;
        Ok([&[FORMAT][..], &id.to_bytes(), &nonce, &ciphertext].concat())
    }

    /// Decrypts the secret of a place.
    ///
    /// # Errors
    ///
    /// [`VaultError::UnknownKey`] and [`VaultError::Undecryptable`].
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<SecretString, VaultError> {
        self.has_key_of(sealed)?;
        let (id, rest) = key_of(sealed).ok_or_else(|| self.undecryptable(place))?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or_else(|| self.undecryptable(place))?;
        let payload = Payload { msg: ciphertext, aad: &place.bytes() };
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let plain = ring
            .get(id)
            .and_then(|cipher| cipher.decrypt(&XNonce::from(*nonce), payload).ok())
            .ok_or_else(|| self.undecryptable(place))?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| self.undecryptable(place))
    }

    /// Whether the key of a sealed secret is in the file, which is read again where another process may have added it.
    pub(crate) fn has_key_of(&self, sealed: &[u8]) -> Result<(), VaultError> {
        let known = |id| self.ring.read().unwrap_or_else(PoisonError::into_inner).get(id).is_some();
        match key_of(sealed) {
            Some((id, _)) if !known(id) => {
                let unwritten = self.draft.lock().unwrap_or_else(PoisonError::into_inner).is_some();
                if unwritten && !self.file.try_exists().unwrap_or(true) {
                    return Err(VaultError::Lost { file: self.file.to_path_buf() });
                }
                self.reload()?;
                if known(id) {
                    Ok(())
                } else {
                    Err(VaultError::UnknownKey { file: self.file.to_path_buf(), key: id.to_string() })
                }
            }
            _ => Ok(()),
        }
    }

    fn reload(&self) -> Result<(), VaultError> {
        let ring = key_file::read(&self.file)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    fn undecryptable(&self, place: Place<'_>) -> VaultError {
        VaultError::Undecryptable {
            file: self.file.to_path_buf(),
            table: place.table,
            row: place.row.to_owned(),
            column: place.column,
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Place<'_> {
    /// Table and column hold no NUL, so no two places give the same bytes.
    fn bytes(&self) -> Vec<u8> {
        [self.table, self.row, self.column].join("\0").into_bytes()
    }
}

/// The key's id and what follows it.
fn key_of(sealed: &[u8]) -> Option<(KeyId, &[u8])> {
    let (&FORMAT, rest) = sealed.split_first()? else { return None };
    let (id, rest) = rest.split_first_chunk()?;
    Some((KeyId::from_bytes(*id), rest))
}
