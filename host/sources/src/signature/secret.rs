//! Keys that sign: made, written and read as minisign does, so that either program can use the other's.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use minisign::{KeyPair, SecretKeyBox};
use secrecy::{ExposeSecret as _, SecretString};

use super::{KEY_FIELD, PublicKey, Signature, SignatureError};

/// A key that makes signatures. Its randomness comes from the operating system alone.
pub struct SecretKey {
    key: minisign::SecretKey,
    public: PublicKey,
    /// As it is written into a file, encrypted where it has a password.
    file: SecretString,
}

/// A secret key can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretKeyError {
    /// The text is no secret key.
    #[error(
        "that is no secret key of minisign's: give the file that `autocontent provider keygen` or `minisign -G` made"
    )]
    Unreadable,
    /// The key is encrypted and no password was given.
    #[error("the key has a password, and none was given")]
    PasswordNeeded,
    /// The password doesn't open the key.
    #[error("the password doesn't open the key; try again")]
    WrongPassword,
    /// The operating system gave no randomness, or not the memory to derive a key from the password.
    #[error("a key could not be made: {0}")]
    Refused(String),
}

impl SecretKey {
    /// Makes a key, encrypted with the password if there is one. It takes a moment and 32 MiB.
    ///
    /// # Errors
    ///
    /// [`SecretKeyError::Refused`].
    pub fn generate(password: Option<&SecretString>) -> Result<SecretKey, SecretKeyError> {
        let refused = |error: minisign::PError| SecretKeyError::Refused(error.to_string());
        let pair = match password {
            Some(password) => KeyPair::generate_encrypted_keypair(Some(password.expose_secret().to_owned())),
            None => KeyPair::generate_unencrypted_keypair(),
        };
        let key = pair.map_err(refused)?.sk;
        let file = key.to_box(Some("secret key, to be kept secret")).map_err(refused)?.to_string();
        SecretKey::parse(SecretString::from(file), || match password {
            Some(password) => Ok(password.clone()),
            None => Err(SecretKeyError::PasswordNeeded),
        })
    }

    /// Reads a key's file, asking for the password where it has one.
    ///
    /// # Errors
    ///
    /// Where the text is no secret key or the password is wrong; whatever `password` fails with.
    pub fn parse<E: From<SecretKeyError>>(
        file: SecretString,
        password: impl FnOnce() -> Result<SecretString, E>,
    ) -> Result<SecretKey, E> {
        let bytes = SecretKey::bytes(file.expose_secret()).ok_or(SecretKeyError::Unreadable)?;
        let key = if bytes.get(2..4) == Some(&[0, 0]) {
            // minisign leaves the checksum of a key without a password empty, which `SecretKeyBox` wouldn't take.
            minisign::SecretKey::from_bytes(&bytes).map_err(|_| SecretKeyError::Unreadable)?
        } else {
            let text = SecretKeyBox::from_string(file.expose_secret()).map_err(|_| SecretKeyError::Unreadable)?;
            let password = password()?.expose_secret().to_owned();
            text.into_secret_key(Some(password)).map_err(|_| SecretKeyError::WrongPassword)?
        };
        let public = minisign::PublicKey::from_secret_key(&key).map_err(|_| SecretKeyError::Unreadable)?;
        let public = public.to_base64().parse().map_err(|_| SecretKeyError::Unreadable)?;
        Ok(SecretKey { key, public, file })
    }

    /// A key's bytes: algorithms, salt and costs, then what may be encrypted, 158 in all.
    fn bytes(file: &str) -> Option<Vec<u8>> {
        let lines: Vec<&str> = file.lines().collect();
        let [comment, key] = lines.as_slice() else { return None };
        let bytes = BASE64_STANDARD.decode(key.trim()).ok()?;
        (comment.starts_with("untrusted comment:") && bytes.len() == 158 && bytes.starts_with(b"Ed")).then_some(bytes)
    }

    /// The key that its signatures are checked with.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The text of the file that the key is kept in.
    pub fn file(&self) -> &SecretString {
        &self.file
    }

    /// The text of the `.pub` file.
    pub fn public_file(&self) -> String {
        format!("untrusted comment: minisign public key {}\n{}\n", self.public.id(), self.public)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public.id())
    }
}

/// Signs these bytes. The trusted comment says when, what, and with which public key, so that whoever has no other word of
/// the signer can at least tell that all versions are of the same one.
///
/// # Errors
///
/// [`SecretKeyError::Refused`].
pub fn sign(bytes: &[u8], key: &SecretKey, file_name: &str, now: Timestamp) -> Result<Signature, SecretKeyError> {
    let refused = |error: minisign::PError| SecretKeyError::Refused(error.to_string());
    // A name could end the field or the line that it stands in.
    let name: String = file_name.chars().filter(|character| !character.is_control()).take(200).collect();
    let trusted = format!("timestamp:{}\tfile:{name}\thashed\t{KEY_FIELD}{}", now.as_second(), key.public);
    let untrusted = format!("signature by minisign key {}", key.public.id());
    let signature = minisign::sign(None, &key.key, bytes, Some(&trusted), Some(&untrusted)).map_err(refused)?;
    Signature::parse(&signature.to_bytes()).map_err(|error: SignatureError| SecretKeyError::Refused(error.to_string()))
}
