//! Signatures as the program minisign makes them: Ed25519 over the BLAKE2b-512 of the signed bytes, in a text of four
//! lines. Detached, the text lies beside the component, as `FILE.minisig`, and signs all its bytes. Embedded, it is the
//! component's last section, and signs all bytes before it.
//!
//! - this module: reading signatures and public keys, and checking one with the other
//! - `embedded`: the section
//! - `secret`: keys that sign
//!
//! What strangers wrote is checked by the crate `minisign-verify`, which is made for that and has no dependencies; the
//! crate `minisign` indexes past the end of a short signature. It only reads and uses the operator's own secret keys.

mod embedded;
mod secret;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

pub use embedded::{SIGNATURE_SECTION, embed, signed_part};
pub use secret::{SecretKey, SecretKeyError, sign};

/// Bytes of a signature's text. minisign's comments have at most 8 KiB each, which nobody uses.
const TEXT_MAX: usize = 4 << 10;
/// What a signer's own public key follows in the trusted comment.
const KEY_FIELD: &str = "key:";

/// The name of a key, as minisign shows it: 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 8]);

/// A key that signatures are checked with. Written in 56 characters that begin with `RW`.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    text: String,
    key: minisign_verify::PublicKey,
}

/// A text is no public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("that is no public key: give the line of 56 characters, beginning with RW, of a minisign key's .pub file")]
pub struct InvalidPublicKey;

/// A signature, read but not checked.
#[derive(Clone)]
pub struct Signature {
    key: KeyId,
    text: String,
    signature: minisign_verify::Signature,
}

/// Why there is no use in a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The text is none of minisign's.
    #[error("its signature can't be read: {reason}; sign it again")]
    Unreadable {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It is of the kind that minisign made before 2020, which signs the bytes themselves.
    #[error(
        "its signature is in minisign's legacy format; sign it again with `autocontent provider sign`, or with minisign without -l"
    )]
    Legacy,
    /// The bytes, the signature or its trusted comment are others than what was signed.
    #[error(
        "it is not what key {key} signed: file or signature were changed or are of different versions; get both again"
    )]
    Wrong {
        /// The key that made the signature, by its own words.
        key: KeyId,
    },
    /// The bytes can't be taken apart into what was signed and the signature.
    #[error("its embedded signature can't be told from the rest: {reason}")]
    Section {
        /// What is wrong, and what to do.
        reason: &'static str,
    },
}

impl Signature {
    /// Reads a signature's text, such as a `.minisig` file's.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Unreadable`] where it has not four lines of at most 4 KiB together, and
    /// [`SignatureError::Legacy`].
    pub fn parse(text: &[u8]) -> Result<Signature, SignatureError> {
        let unreadable = |reason| SignatureError::Unreadable { reason };
        if text.len() > TEXT_MAX {
            return Err(unreadable("it is longer than 4 KiB"));
        }
        let text = str::from_utf8(text).map_err(|_| unreadable("it is no UTF-8 text"))?;
        let lines: Vec<&str> = text.lines().collect();
        let [_, first, _, _] = lines.as_slice() else {
            return Err(unreadable("it has not the four lines of a minisign signature"));
        };
        let not_minisign = || unreadable("it is no minisign signature");
        let signature = minisign_verify::Signature::decode(text).map_err(|_| not_minisign())?;
        let bytes = BASE64_STANDARD.decode(first).map_err(|_| not_minisign())?;
        match bytes.as_slice() {
            [b'E', b'D', id @ ..] => {
                let key = id.first_chunk().copied().map(KeyId).ok_or_else(not_minisign)?;
                Ok(Signature { key, text: text.to_owned(), signature })
            }
            _ => Err(SignatureError::Legacy),
        }
    }

    /// The key that made it, by its own words.
    pub fn key_id(&self) -> KeyId {
        self.key
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The public key that the signer put beside the signature, where it is the one that the signature names.
    pub fn carried_key(&self) -> Option<PublicKey> {
        let fields = self.signature.trusted_comment().split('\t');
        let key: PublicKey = fields.filter_map(|field| field.strip_prefix(KEY_FIELD)).next()?.parse().ok()?;
        (key.id == self.key).then_some(key)
    }
}

impl PublicKey {
    /// Its name.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Checks that this key signed these bytes, and the signature's trusted comment.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Wrong`].
    pub fn verify(&self, signed: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        let checked = self.key.verify(signed, &signature.signature, false);
        checked.map_err(|_| SignatureError::Wrong { key: signature.key })
    }
}

impl FromStr for PublicKey {
    type Err = InvalidPublicKey;

    /// Reads a key's 56 characters, or the two lines of a `.pub` file.
    fn from_str(text: &str) -> Result<PublicKey, InvalidPublicKey> {
        let text = match text.trim().split_once('\n') {
            Some((comment, key)) if comment.starts_with("untrusted comment:") => key.trim(),
            Some(_) => return Err(InvalidPublicKey),
            None => text.trim(),
        };
        let key = minisign_verify::PublicKey::from_base64(text).map_err(|_| InvalidPublicKey)?;
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| InvalidPublicKey)?;
        let id = bytes.get(2..).and_then(|rest| rest.first_chunk()).copied().map(KeyId).ok_or(InvalidPublicKey)?;
        Ok(PublicKey { id, text: text.to_owned(), key })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature(by {})", self.key)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", u64::from_le_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}
