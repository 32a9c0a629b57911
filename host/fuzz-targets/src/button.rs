//! The ids of buttons, which come back from Discord and from whoever calls the endpoint.

use arbitrary::Unstructured;
use autocontent_content::DeliveryId;
use autocontent_content::testing::Buttons;

/// Discord's limit for a `custom_id`.
const LONGEST: usize = 100;

/// No text is a button's id but one that was signed, and that only as it was.
pub fn button(data: &[u8]) {
    let buttons = Buttons::new("the host's own key");
    if let Ok(text) = str::from_utf8(data) {
        assert_eq!(buttons.read(text), None, "{text:?} was never signed");
    }
    let _ = signed(&buttons, &mut Unstructured::new(data));
}

fn signed(buttons: &Buttons, input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let (kind, position, delivery): (u8, u8, [u8; 16]) = (input.arbitrary()?, input.arbitrary()?, input.arbitrary()?);
    let delivery = DeliveryId::from_bytes(delivery);
    let Some(id) = buttons.sign(kind, position, delivery) else { return Ok(()) };
    assert!(id.len() <= LONGEST && id.is_ascii(), "{id} is longer than Discord takes");
    assert_eq!(buttons.read(&id), Some((kind, position, delivery)));
    assert_eq!(Buttons::new("another host's key").read(&id), None, "{id} is taken by another host");

    let (at, changed): (usize, char) = (input.choose_index(id.len())?, input.arbitrary()?);
    let mut other: Vec<char> = id.chars().collect();
    if let Some(place) = other.get_mut(at)
        && *place != changed
    {
        *place = changed;
        let other: String = other.into_iter().collect();
        assert_eq!(buttons.read(&other), None, "{other} is taken for {id}");
    }
    for wrong in [format!("{id}="), format!("{id} "), format!(" {id}"), id.repeat(2)] {
        assert_eq!(buttons.read(&wrong), None, "{wrong} is taken for {id}");
    }
    let (shorter, _) = id.split_at(at);
    assert_eq!(buttons.read(shorter), None, "{shorter} is taken for {id}");
    Ok(())
}
