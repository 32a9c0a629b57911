//! Components: those that `cargo xtask build-providers` built, and changed ones.

use std::path::{Path, PathBuf};

/// The file of a provider or of a guest for tests.
pub(crate) fn path(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folders = ["providers", "test-guests"].map(|folder| target.join(folder));
    let file = folders.iter().map(|folder| folder.join(name).with_extension("wasm")).find(|file| file.exists());
    file.unwrap_or_else(|| panic!("`{name}` isn't built: run `cargo xtask build-providers`"))
}

/// The bytes of a provider or guest.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

/// The parrot with a text replaced by another of the same length, wherever it stands.
pub(crate) fn changed_parrot(old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len(), "a component keeps the lengths of its parts");
    let mut bytes = bytes("parrot");
    let mut changes = 0;
    for at in 0..=bytes.len() - old.len() {
        if bytes[at..].starts_with(old.as_bytes()) {
            bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
            changes += 1;
        }
    }
    assert!(changes > 0, "the parrot has no `{old}`");
    bytes
}
