//! The ids of buttons: signed references to a delivery, so that a button works after a restart and can't be forged.
//!
//! An id is `[version, kind, delivery (16 bytes), position, signature (16 bytes)]` in URL-safe base64: 47 of the 100
//! characters that Discord allows. The signature is HMAC-SHA256, cut to 128 bits.

use autocontent_store::DeliveryId;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use secrecy::SecretString;
use sha2::Sha256;

use crate::pseudonym::keyed;

const VERSION: u8 = 1;
const SIGNED: usize = 1 + 1 + 16 + 1;
const SIGNATURE: usize = 16;

/// What pressing a button does with its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ButtonKind {
    /// Asks for another item.
    Another,
    /// 👍
    Up,
    /// 👎
    Down,
    /// Puts the item among the member's favourites, or takes it out.
    Save,
    /// Shows report and delete.
    More,
    /// Tells the operator about the item.
    Report,
    /// Deletes the message.
    Delete,
    /// The action of the provider that stands at this position in the item.
    Action(u8),
}

/// Signs and reads button ids.
pub(crate) struct ButtonIds {
    keyed: Hmac<Sha256>,
}

impl ButtonIds {
    pub(crate) fn new(key: &SecretString) -> Self {
        Self { keyed: keyed(key) }
    }

    /// The id of a button.
    pub(crate) fn sign(&self, kind: ButtonKind, delivery: DeliveryId) -> String {
        let (kind, position) = kind.to_bytes();
        let mut bytes = Vec::with_capacity(SIGNED + SIGNATURE);
        bytes.extend([VERSION, kind]);
        bytes.extend(delivery.as_bytes());
        bytes.push(position);
        let signature = self.keyed.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(signature.iter().take(SIGNATURE));
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a button id means; nothing where it was not signed by this host.
    pub(crate) fn read(&self, id: &str) -> Option<(ButtonKind, DeliveryId)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
        let (signed, signature) = bytes.split_at_checked(SIGNED)?;
        if signature.len() != SIGNATURE {
            return None;
        }
        self.keyed.clone().chain_update(signed).verify_truncated_left(signature).ok()?;
        let [VERSION, kind, delivery @ .., position] = signed else { return None };
        let delivery = DeliveryId::from_bytes(delivery.try_into().ok()?);
        Some((ButtonKind::from_bytes(*kind, *position)?, delivery))
    }
}

impl ButtonKind {
    /// Whether the button stands in the private menu, and not under what was delivered.
    pub(crate) fn is_of_the_menu(self) -> bool {
        matches!(self, Self::Report | Self::Delete)
    }

    pub(crate) fn to_bytes(self) -> (u8, u8) {
        match self {
            Self::Another => (1, 0),
            Self::Up => (2, 0),
            Self::Down => (3, 0),
            Self::Save => (4, 0),
            Self::More => (5, 0),
            Self::Report => (6, 0),
            Self::Delete => (7, 0),
            Self::Action(position) => (8, position),
        }
    }

    pub(crate) fn from_bytes(kind: u8, position: u8) -> Option<Self> {
        Some(match (kind, position) {
            (1, 0) => Self::Another,
            (2, 0) => Self::Up,
            (3, 0) => Self::Down,
            (4, 0) => Self::Save,
            (5, 0) => Self::More,
            (6, 0) => Self::Report,
            (7, 0) => Self::Delete,
            (8, position) => Self::Action(position),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids() -> ButtonIds {
        ButtonIds::new(&SecretString::from("one key"))
    }

    proptest! {
        #[test]
        fn what_was_signed_is_read_back_and_fits(kind in 1_u8..=8, position: u8, delivery: [u8; 16]) {
            let position = if kind == 8 { position } else { 0 };
            let kind = ButtonKind::from_bytes(kind, position).unwrap();
            let delivery = DeliveryId::from_bytes(delivery);
            let id = ids().sign(kind, delivery);
            prop_assert!(id.len() <= 100);
            prop_assert_eq!(ids().read(&id), Some((kind, delivery)));
        }

        #[test]
        fn a_change_in_any_byte_is_noticed(at in 0..(SIGNED + SIGNATURE), flip in 1_u8..=255) {
            let id = ids().sign(ButtonKind::Delete, DeliveryId::from_bytes([5; 16]));
            let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(id).unwrap();
            bytes[at] ^= flip;
            prop_assert_eq!(ids().read(&BASE64_URL_SAFE_NO_PAD.encode(bytes)), None);
        }

        #[test]
        fn whatever_else_arrives_is_no_button(id in ".{0,120}") {
            prop_assert_eq!(ids().read(&id), None);
        }
    }

    #[test]
    fn another_hosts_button_is_none_of_ours() {
        let other = ButtonIds::new(&SecretString::from("another key"));
        let id = other.sign(ButtonKind::Up, DeliveryId::from_bytes([5; 16]));
        assert_eq!(ids().read(&id), None);
    }
}
