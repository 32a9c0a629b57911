//! The names under which providers know members and places.
//!
//! A keyed hash per provider: two providers can't join what they know, and neither learns a Discord id.

use std::fmt::Display;

use autocontent_manifest::ProviderId;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Length of a pseudonym in bytes before it is written as text.
const LENGTH: usize = 16;

/// Makes pseudonyms.
pub(crate) struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    pub(crate) fn new(key: &SecretString) -> Self {
        Self { keyed: keyed(key) }
    }

    /// The pseudonym of something, such as kind "member" and its id, for one provider.
    pub(crate) fn of(&self, provider: &ProviderId, kind: &str, id: impl Display) -> String {
        let mut hash = self.keyed.clone();
        hash.update(format!("{provider}/{kind}/{id}").as_bytes());
        let hash = hash.finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode(hash.get(..LENGTH).unwrap_or(&hash))
    }
}

/// HMAC-SHA256 under a key of the host's own.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(crate) fn keyed(key: &SecretString) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.expose_secret().as_bytes()).expect("a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_one_name_for_a_provider_and_others_for_others() {
        let pseudonyms = Pseudonyms::new(&SecretString::from("one key"));
        let other_host = Pseudonyms::new(&SecretString::from("another key"));
        let [quote, news]: [ProviderId; 2] = ["quote", "news"].map(|id| id.parse().unwrap());
        let name = pseudonyms.of(&quote, "member", 42);
        assert_eq!(name, pseudonyms.of(&quote, "member", 42));
        assert_eq!(name.len(), 22);
        for other in [
            pseudonyms.of(&quote, "member", 43),
            pseudonyms.of(&quote, "guild", 42),
            pseudonyms.of(&news, "member", 42),
            other_host.of(&quote, "member", 42),
        ] {
            assert_ne!(name, other);
        }
    }
}
