//! Which signatures this host wants, and whose.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::signature::{KeyId, PublicKey, Signature, SignatureError, signed_part};

/// What a component must show before it is installed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignaturePolicy {
    /// Nothing; but a signature that is there and can be checked must be right.
    #[default]
    Any,
    /// A signature that can be checked: by a trusted key, or by the public key that the signature carries.
    Signed,
    /// A signature by a trusted key.
    Trusted,
}

/// A key whose signatures the operator trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// What the operator calls its owner.
    pub name: String,
    /// The key.
    pub key: PublicKey,
    /// The last day, in UTC, on which it is trusted.
    pub until: Option<Date>,
}

/// The policy with the keys that it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// What a component must show.
    pub policy: SignaturePolicy,
    /// The keys of those whom the operator trusts.
    pub keys: Vec<TrustedKey>,
}

/// What is known of a component's signer, once the policy is content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is no signature.
    Unsigned,
    /// There is a signature, but nothing to check it with.
    Unchecked(KeyId),
    /// The signature is right, by a key that came with it: it could be anybody's.
    Stranger(PublicKey),
    /// The signature is right, by a trusted key.
    Trusted {
        /// What the operator calls its owner.
        name: String,
        /// The key's name.
        key: KeyId,
    },
}

/// A component does not show what the policy wants, or something false.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untrusted {
    /// There is no signature.
    #[error(
        "it is not signed, and this host takes signed components only (`signatures` in its configuration): get a signed one, or sign it with `autocontent provider sign`"
    )]
    Unsigned,
    /// The key is none that is known.
    #[error(
        "it is signed by key {0}, which this host does not know: if you trust its owner, add the public key to the configuration as a [[trusted-key]]"
    )]
    UnknownKey(KeyId),
    /// The key is not trusted any more.
    #[error(
        "it is signed by key {key} of `{name}`, which was trusted until {until}: get one signed by a newer key, or change `until` of that [[trusted-key]]"
    )]
    Expired {
        /// What the operator calls its owner.
        name: String,
        /// The key's name.
        key: KeyId,
        /// The last day on which it was trusted.
        until: Date,
    },
    /// The signature can't be read or is wrong.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Trust {
    /// Says who signed a component, or why it must not be installed. A detached signature goes before one that is
    /// embedded.
    ///
    /// # Errors
    ///
    /// Where the policy wants more, or the signature is not right.
    pub fn judge(&self, component: &[u8], detached: Option<&[u8]>, now: Timestamp) -> Result<Verdict, Untrusted> {
        let (signed, signature) = match detached {
            Some(text) => (component, Some(Signature::parse(text)?)),
            None => signed_part(component)?,
        };
        let Some(signature) = signature else {
            return if self.policy == SignaturePolicy::Any { Ok(Verdict::Unsigned) } else { Err(Untrusted::Unsigned) };
        };
        let key = signature.key_id();
        // Two keys may have the same name: it is but eight bytes, which their owners choose.
        let named: Vec<_> = self.keys.iter().filter(|trusted| trusted.key.id() == key).collect();
        if let Some(trusted) = named.iter().find(|trusted| trusted.key.verify(signed, &signature).is_ok()) {
            return trusted.still(now);
        }
        if !named.is_empty() {
            return Err(SignatureError::Wrong { key }.into());
        }
        match (self.policy, signature.carried_key()) {
            (SignaturePolicy::Trusted, _) | (SignaturePolicy::Signed, None) => Err(Untrusted::UnknownKey(key)),
            (SignaturePolicy::Any, None) => Ok(Verdict::Unchecked(key)),
            (SignaturePolicy::Any | SignaturePolicy::Signed, Some(carried)) => {
                carried.verify(signed, &signature)?;
                Ok(Verdict::Stranger(carried))
            }
        }
    }
}

impl Verdict {
    /// Who is known to have signed, as it is kept: a trusted signer's name and the key's, or all of another's key.
    pub fn signer(&self) -> Option<String> {
        match self {
            Verdict::Unsigned | Verdict::Unchecked(_) => None,
            Verdict::Stranger(key) => Some(key.to_string()),
            Verdict::Trusted { name, key } => Some(format!("{name} ({key})")),
        }
    }
}

impl TrustedKey {
    fn still(&self, now: Timestamp) -> Result<Verdict, Untrusted> {
        let (name, key) = (self.name.clone(), self.key.id());
        match self.until {
            Some(until) if now.to_zoned(TimeZone::UTC).date() > until => Err(Untrusted::Expired { name, key, until }),
            _ => Ok(Verdict::Trusted { name, key }),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Unsigned => f.write_str("not signed"),
            Verdict::Unchecked(key) => write!(f, "signed by key {key}, which is not known here: not checked"),
            Verdict::Stranger(key) => write!(f, "signed by key {}, which is not among the trusted ones", key.id()),
            Verdict::Trusted { name, key } => write!(f, "signed by `{name}` (key {key})"),
        }
    }
}
