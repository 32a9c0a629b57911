//! `autocontent provider keygen`

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use autocontent_sources::SecretKey;
use secrecy::ExposeSecret as _;

use super::password;
use crate::say::say;

/// Makes PREFIX.key, which only this user may read, and PREFIX.pub. Never touches a file that is there.
pub(super) fn run(prefix: &Path, no_password: bool) -> Result<()> {
    let (secret, public) = (with_ending(prefix, ".key"), with_ending(prefix, ".pub"));
    // Before a password is asked for.
    for file in [&secret, &public] {
        if file.symlink_metadata().is_ok() {
            bail!("{} is there already and stays as it is: choose other names with --out PREFIX", file.display());
        }
    }
    let password = if no_password { None } else { Some(password::chosen()?) };
    let key = SecretKey::generate(password.as_ref())?;
    write_new(&secret, 0o600, key.file().expose_secret())?;
    write_new(&public, 0o644, &key.public_file()).inspect_err(|_| {
        // A secret key alone would keep the next attempt from its name.
        let _ = std::fs::remove_file(&secret);
    })?;
    say!("made the secret key {} and the public key {}", secret.display(), public.display());
    say!("hosts that trust it have this in their configuration:\n\n[[trusted-key]]");
    say!("name = \"YOUR NAME\"\nkey = \"{}\"", key.public());
    Ok(())
}

fn with_ending(prefix: &Path, ending: &str) -> PathBuf {
    let mut path = prefix.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

fn write_new(path: &Path, mode: u32, content: &str) -> Result<()> {
    let made = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file: File =
        made.map_err(|error| anyhow!("could not make {}: {error}; choose another place with --out", path.display()))?;
    let written = file.write_all(content.as_bytes()).and_then(|()| file.sync_all());
    written
        .inspect_err(|_| drop(std::fs::remove_file(path)))
        .with_context(|| format!("could not write {}", path.display()))
}
