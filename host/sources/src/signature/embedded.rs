//! A signature inside the component that it signs: a custom section `autocontent:signature`, which holds the text of a
//! minisign signature over all bytes before the section. It must be the last section of the outermost component, so that
//! what is signed is exactly what stands before it; anything behind it, or a second one, is refused.

use std::ops::Range;

use wasm_encoder::{ComponentSection as _, CustomSection};
use wasmparser::BinaryReader;

use super::{Signature, SignatureError};

/// The custom section that an embedded signature stands in.
pub const SIGNATURE_SECTION: &str = "autocontent:signature";

const MAGIC: &[u8] = b"\0asm";
/// Bytes before the first section: the magic number, version and layer.
const HEADER: usize = 8;
/// A custom section's number.
const CUSTOM: u8 = 0;

/// The bytes that an embedded signature signs, and the signature. A component without one is all of it to be signed, and
/// so is what is no WebAssembly at all.
///
/// # Errors
///
/// Where the section is not the last one, there are several, or it holds no signature.
pub fn signed_part(component: &[u8]) -> Result<(&[u8], Option<Signature>), SignatureError> {
    let Some(section) = find(component)? else { return Ok((component, None)) };
    let text = component.get(section.text).unwrap_or_default();
    let signed = component.get(..section.begin).unwrap_or_default();
    Ok((signed, Some(Signature::parse(text)?)))
}

/// The component with this signature of [`signed_part`] in it, in place of one that was there.
///
/// # Errors
///
/// As for [`signed_part`].
pub fn embed(component: &[u8], signature: &Signature) -> Result<Vec<u8>, SignatureError> {
    let mut signed = signed_part(component)?.0.to_vec();
    CustomSection { name: SIGNATURE_SECTION.into(), data: signature.text().as_bytes().into() }
        .append_to_component(&mut signed);
    Ok(signed)
}

/// Where the section stands.
struct Section {
    begin: usize,
    text: Range<usize>,
}

/// Looks through the outermost sections, jumping over what is in them.
fn find(component: &[u8]) -> Result<Option<Section>, SignatureError> {
    let mut found: Option<Section> = None;
    let mut begin = if component.starts_with(MAGIC) { HEADER } else { component.len() };
    while begin < component.len() {
        if found.is_some() {
            return Err(SignatureError::Section {
                reason: "something that nobody signed stands behind it; get the component as it was signed",
            });
        }
        // What is cut off or damaged is the inspection's business: no signature is found there, thus none believed.
        let Some((kind, body)) = section(component, begin) else { return Ok(None) };
        let end = body.end;
        if kind == CUSTOM
            && let Some(text) = text_of_ours(component, body)
        {
            found = Some(Section { begin, text });
        }
        begin = end;
    }
    Ok(found)
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

/// What follows the name in a custom section, if the name is [`SIGNATURE_SECTION`].
fn text_of_ours(component: &[u8], body: Range<usize>) -> Option<Range<usize>> {
    let mut reader = BinaryReader::new(component.get(body.clone())?, 0);
    let name = reader.read_string().ok()?;
    (name == SIGNATURE_SECTION).then(|| body.start + reader.current_position()..body.end)
}
