//! Compiled code in an envelope that shows whether it is what this host wrote, and the one `unsafe` of the house.
//!
//! wasmtime runs what it deserializes as machine code, so it must only ever be given what its own compiler wrote. That
//! holds here because
//! - a [`Sealed`] exists only after the SHA-256 over the key and everything else was compared, so a file that is cut,
//!   damaged, renamed to another component's name or written by another version of the format or of wasmtime is none;
//! - the bytes that are compared are the bytes that are loaded: they are in memory, and nobody can exchange them between;
//! - the files lie in a folder that [`super::Cache`] opens only if no other user can write to it. Whoever can write there
//!   is this user, who can replace the host itself. A secret key would lie beside the files and add nothing.

use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::digest::Digest;

/// The format's name and version.
const MAGIC: &[u8; 16] = b"autocontent code";
const HASH: usize = 32;

/// What code belongs to: a component, and what the engine makes code depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) component: &'a Digest,
    pub(super) engine: u64,
}

/// A manifest and compiled code that were verified to be what [`seal`] was given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sealed<'a> {
    pub(super) manifest: &'a str,
    code: &'a [u8],
}

/// The envelope: magic, SHA-256 of key and content, length of the manifest, manifest, code.
pub(super) fn seal(key: Key<'_>, manifest: &str, code: &[u8]) -> Vec<u8> {
    let length = (manifest.len() as u64).to_le_bytes();
    let content = [&length, manifest.as_bytes(), code].concat();
    [&MAGIC[..], &hash(key, &content), &content].concat()
}

/// Opens an envelope; none if it is not exactly what [`seal`] made for this key.
pub(super) fn open<'a>(key: Key<'_>, file: &'a [u8]) -> Option<Sealed<'a>> {
    let (written, content) = file.strip_prefix(MAGIC)?.split_at_checked(HASH)?;
    if written != hash(key, content) {
        return None;
    }
    let (length, content) = content.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (manifest, code) = content.split_at_checked(length)?;
    Some(Sealed { manifest: str::from_utf8(manifest).ok()?, code })
}

impl Sealed<'_> {
    /// The code, ready to run. Fails where this engine can't run it after all.
    #[expect(unsafe_code, reason = "the bytes are what this host's own compiler wrote; the module's head says why")]
    pub(super) fn component(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: `self.code` came out of `Engine::precompile_component` unchanged; see the head of this module.
        unsafe { Component::deserialize(engine, self.code) }
    }
}

fn hash(key: Key<'_>, content: &[u8]) -> [u8; HASH] {
    let mut hash = Sha256::new();
    hash.update(key.component.as_bytes());
    hash.update(key.engine.to_le_bytes());
    hash.update(content);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(engine: u64) -> Vec<u8> {
        seal(Key { component: &Digest::of(b"one"), engine }, "a manifest", b"some code")
    }

    #[test]
    fn an_envelope_opens_with_its_own_key_only() {
        let file = file(1);
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        let opened = open(Key { component: &one, engine: 1 }, &file).unwrap();
        assert_eq!((opened.manifest, opened.code), ("a manifest", &b"some code"[..]));
        assert_eq!(open(Key { component: &two, engine: 1 }, &file), None);
        assert_eq!(open(Key { component: &one, engine: 2 }, &file), None);
    }

    #[test]
    fn a_change_or_a_cut_anywhere_is_seen() {
        let (good, component) = (file(1), Digest::of(b"one"));
        let key = Key { component: &component, engine: 1 };
        for at in 0..good.len() {
            let mut changed = good.clone();
            changed[at] ^= 1;
            assert_eq!(open(key, &changed), None, "byte {at}");
            assert_eq!(open(key, &good[..at]), None, "cut at {at}");
        }
        assert_eq!(open(key, &[good, vec![0]].concat()), None, "one byte more");
    }
}
