//! The file with the vault's keys: one a line, its id and the key in hexadecimal. The last one encrypts; those before
//! it still decrypt. Keys are only ever added, by appending, so that no crash can lose one. A key is in use once it was
//! written whole: what a crash left of one at the end is overlooked, and cut off before the next is added.

use std::fmt::{self, Write as _};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::Generate as _;
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305};
use secrecy::{ExposeSecret as _, SecretString};

use super::VaultError;
use crate::files;

const HEAD: &str = "# Keys of Autocontent. Whoever has this file and the database can read the bots' tokens.\n\
    # Keep a backup of it apart from the database's. The last key is in use; the others read what they encrypted.\n";

/// Characters of a key's line: the id, a space and the key.
const LINE: usize = 8 + 1 + 64;

/// Tells keys apart. Random, so that no two key files give one id to different keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyId(u32);

impl KeyId {
    pub(super) fn from_bytes(bytes: [u8; 4]) -> KeyId {
        KeyId(u32::from_be_bytes(bytes))
    }

    pub(super) fn to_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// The keys of a file. Each is wiped from memory when dropped.
pub(super) struct Ring {
    older: Vec<(KeyId, XChaCha20Poly1305)>,
    current: (KeyId, XChaCha20Poly1305),
}

impl Ring {
    pub(super) fn current(&self) -> (KeyId, &XChaCha20Poly1305) {
        (self.current.0, &self.current.1)
    }

    pub(super) fn get(&self, id: KeyId) -> Option<&XChaCha20Poly1305> {
        std::iter::once(&self.current).chain(&self.older).find(|(known, _)| *known == id).map(|(_, cipher)| cipher)
    }
}

/// What a new file holds: a new key.
pub(super) fn draft() -> Result<SecretString, VaultError> {
    Ok(SecretString::from(format!("{HEAD}{}", new_line()?.expose_secret())))
}

/// Writes a draft where no file is. False where there is one already, which stays as it is.
pub(super) fn create(file: &Path, draft: &SecretString) -> Result<bool, VaultError> {
    files::create_folder_of(file)
        .and_then(|()| files::write_new(file, draft.expose_secret().as_bytes()))
        .map_err(|source| failed("create", file, source))
}

/// Adds a new key, which becomes the current one.
pub(super) fn append(file: &Path) -> Result<(), VaultError> {
    let line = new_line()?;
    let append = || {
        let mut file = OpenOptions::new().read(true).append(true).open(file)?;
        // Another process may be adding one; the lock ends with the file.
        file.lock()?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let text = SecretString::from(text);
        let (whole, torn) = whole_lines(text.expose_secret());
        if !torn.is_empty() {
            file.set_len(whole.len() as u64)?;
        }
        if !whole.is_empty() && !whole.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        file.write_all(line.expose_secret().as_bytes())?;
        file.sync_all()
    };
    append().map_err(|source| failed("write", file, source))
}

/// Reads the keys, where nobody else can.
pub(super) fn read(file: &Path) -> Result<Ring, VaultError> {
    parse_all(file, &read_private(file)?)
}

/// The keys of a file's text.
pub(super) fn parse_all(file: &Path, text: &SecretString) -> Result<Ring, VaultError> {
    let mut keys = Vec::new();
    let (whole, _) = whole_lines(text.expose_secret());
    for (line, text) in (1..).zip(whole.lines()) {
        if !text.is_empty() && !text.starts_with('#') {
            keys.push(parse(text).ok_or_else(|| VaultError::NotAKey { file: file.to_owned(), line })?);
        }
    }
    let current = keys.pop().ok_or_else(|| VaultError::NoKeys { file: file.to_owned() })?;
    Ok(Ring { older: keys, current })
}

fn read_private(file: &Path) -> Result<SecretString, VaultError> {
    let open = || {
        let opened = File::open(file)?;
        Ok((opened.metadata()?.permissions().mode() & 0o777, opened))
    };
    let (mode, mut opened) = open().map_err(|source| failed("open", file, source))?;
    if mode & 0o077 != 0 {
        return Err(VaultError::Exposed { file: file.to_owned(), mode });
    }
    let mut text = String::new();
    opened.read_to_string(&mut text).map_err(|source| failed("read", file, source))?;
    Ok(SecretString::from(text))
}

fn new_line() -> Result<SecretString, VaultError> {
    let id = <[u8; 4]>::try_generate().map_err(|_| VaultError::NoRandomness)?;
    let key = Key::try_generate().map_err(|_| VaultError::NoRandomness)?;
    // Long enough that the key is never moved and left behind in memory.
    let mut line = String::with_capacity(80);
    let _ = write!(line, "{} ", KeyId::from_bytes(id));
    for byte in key {
        let _ = write!(line, "{byte:02x}");
    }
    line.push('\n');
    Ok(SecretString::from(line))
}

/// The text without what a crash left at its end: a line without an end that is no key, but could have become one.
fn whole_lines(text: &str) -> (&str, &str) {
    let last = text.rfind('\n').map_or(0, |at| at + 1);
    let (whole, rest) = text.split_at(last);
    let begun = !rest.is_empty() && rest.bytes().all(|byte| byte == b' ' || byte.is_ascii_hexdigit());
    if begun && rest.len() < LINE && parse(rest).is_none() { (whole, rest) } else { (text, "") }
}

fn parse(line: &str) -> Option<(KeyId, XChaCha20Poly1305)> {
    let (id, key) = line.split_once(' ')?;
    let id: [u8; 4] = bytes(id)?;
    let key: [u8; 32] = bytes(key)?;
    Some((KeyId::from_bytes(id), XChaCha20Poly1305::new(&key.into())))
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if hex.len() != 2 * N || !hex.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn failed(tried: &'static str, file: &Path, source: io::Error) -> VaultError {
    VaultError::File { tried, file: file.to_owned(), source: Arc::new(source) }
}
