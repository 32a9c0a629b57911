//! What tests in other crates need of the inside: the signed ids of buttons. Only with the feature `testing`.

use autocontent_store::{DeliveryId, Tally};
use secrecy::SecretString;

use crate::ask::ButtonRow;
use crate::buttons::{ButtonIds, ButtonKind};
use crate::contract::Item;
use crate::press;

/// The ids of buttons under one key.
pub struct Buttons(ButtonIds);

impl Buttons {
    /// With a key of the test's own.
    #[must_use]
    pub fn new(key: &str) -> Buttons {
        Buttons(ButtonIds::new(&SecretString::from(key)))
    }

    /// The id of a button of this kind and position; none where there is no such button.
    #[must_use]
    pub fn sign(&self, kind: u8, position: u8, delivery: DeliveryId) -> Option<String> {
        Some(self.0.sign(ButtonKind::from_bytes(kind, position)?, delivery))
    }

    /// Kind, position and delivery of an id that was signed under this key.
    #[must_use]
    pub fn read(&self, id: &str) -> Option<(u8, u8, DeliveryId)> {
        let (kind, delivery) = self.0.read(id)?;
        let (kind, position) = kind.to_bytes();
        Some((kind, position, delivery))
    }

    /// The buttons under an item that so many members like, and dislike.
    #[must_use]
    pub fn under(&self, delivery: DeliveryId, item: &Item, votes: (u64, u64), locale: &str) -> Vec<ButtonRow> {
        press::rows(&self.0, delivery, item, Tally { up: votes.0, down: votes.1 }, locale, false)
    }
}
