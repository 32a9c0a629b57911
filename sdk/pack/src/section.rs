//! Custom sections at a component's top level.

use std::ops::Range;

use wasm_encoder::{ComponentSection as _, CustomSection};
use wasmparser::BinaryReader;

use crate::PackError;

/// Bytes before the first section: the magic number, version and layer.
const HEADER: usize = 8;
/// A custom section's number.
const CUSTOM: u8 = 0;

/// The component with one more section at its end.
pub(crate) fn with(mut component: Vec<u8>, name: &str, text: &str) -> Vec<u8> {
    CustomSection { name: name.into(), data: text.as_bytes().into() }.append_to_component(&mut component);
    component
}

/// The component without its outermost custom sections of these names.
pub(crate) fn without(component: &[u8], names: &[&str]) -> Result<Vec<u8>, PackError> {
    let mut kept = component.get(..HEADER).ok_or(PackError::Damaged { at: component.len() })?.to_vec();
    let mut begin = HEADER;
    while begin < component.len() {
        let damaged = PackError::Damaged { at: begin };
        let Some((kind, body)) = section(component, begin) else { return Err(damaged) };
        let Some(whole) = component.get(begin..body.end) else { return Err(damaged) };
        begin = body.end;
        let name = component.get(body).and_then(|body| BinaryReader::new(body, 0).read_string().ok());
        if kind != CUSTOM || !name.is_some_and(|name| names.contains(&name)) {
            kept.extend_from_slice(whole);
        }
    }
    Ok(kept)
}

/// The number and the content of the section that begins here.
fn section(component: &[u8], begin: usize) -> Option<(u8, Range<usize>)> {
    let mut reader = BinaryReader::new(component.get(begin..)?, 0);
    let kind = reader.read_u8().ok()?;
    let size = usize::try_from(reader.read_var_u32().ok()?).ok()?;
    let start = begin.checked_add(reader.current_position())?;
    let end = start.checked_add(size)?;
    (end <= component.len()).then_some((kind, start..end))
}
