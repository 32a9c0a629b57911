//! `autocontent provider sign` and `verify`

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use autocontent_runtime::{Clock as _, SystemClock, inspect};
use autocontent_sources::{
    Fetched, PublicKey, SecretKey, SignaturePolicy, Trust, TrustedKey, Untrusted, embed, signature_file, signed_part,
};
use secrecy::SecretString;
use tempfile::NamedTempFile;

use super::{fetcher, password, source};
use crate::config::Config;
use crate::say::say;

/// Signs a provider into the file beside it, or into itself.
pub(super) async fn sign(file: &Path, key: &Path, embedded: bool) -> Result<()> {
    let name = || file.display().to_string();
    let component = tokio::fs::read(file).await;
    let component = component.map_err(|error| anyhow!("could not read {}: {error}; check the path", file.display()))?;
    inspect(&component).with_context(name)?;
    let beside = signature_file(file);
    if embedded && beside.exists() {
        bail!(
            "{} would no longer be right for a component that is changed: remove it first, or sign without --embed",
            beside.display()
        );
    }
    let text = std::fs::read_to_string(key);
    let text = text.map_err(|error| anyhow!("could not read {}: {error}; check the path", key.display()))?;
    let key = SecretKey::parse(SecretString::from(text), password::asked).with_context(|| key.display().to_string())?;
    let file_name = file.file_name().unwrap_or_default().to_string_lossy();
    let now = SystemClock.now();
    if embedded {
        let part = signed_part(&component).with_context(name)?.0;
        let signature = autocontent_sources::sign(part, &key, &file_name, now)?;
        replace(file, &embed(&component, &signature).with_context(name)?)?;
        say!("signed {} by key {}: the signature is in it", file.display(), key.public().id());
    } else {
        let signature = autocontent_sources::sign(&component, &key, &file_name, now)?;
        replace(&beside, signature.text().as_bytes())?;
        say!("signed {} by key {}: the signature is in {}", file.display(), key.public().id(), beside.display());
    }
    Ok(())
}

/// Says who signed; fails where nobody did, or nobody who is known.
pub(super) async fn verify(config: &Config, text: &str, key: Option<&str>) -> Result<()> {
    let trust = match key {
        Some(key) => Trust { policy: SignaturePolicy::Trusted, keys: vec![named(key)?] },
        None => Trust { policy: SignaturePolicy::Signed, keys: config.trust.keys.clone() },
    };
    let Fetched { bytes, signature, .. } = fetcher(config)?.fetch(&source(text)?).await?;
    match trust.judge(&bytes, signature.as_deref(), SystemClock.now()) {
        Ok(verdict) => say!("{text} is {verdict}"),
        Err(Untrusted::Unsigned) => bail!("{text} is not signed"),
        Err(Untrusted::UnknownKey(id)) if key.is_some() => bail!("{text} is signed by another key, {id}"),
        Err(error) => return Err(error).with_context(|| text.to_owned()),
    }
    Ok(())
}

/// A public key that was given on the command line, itself or its file.
fn named(key: &str) -> Result<TrustedKey> {
    let (name, text) = match std::fs::read_to_string(key) {
        Ok(text) => (key.to_owned(), text),
        Err(_) => ("the key that was given".to_owned(), key.to_owned()),
    };
    let key: PublicKey = text.parse().with_context(|| format!("--key {key}"))?;
    Ok(TrustedKey { name, key, until: None })
}

/// Writes a file whole or not at all.
fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let failed = |error: std::io::Error| anyhow!("could not write {}: {error}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    // As one that was written in place: a temporary file is for its owner's eyes only.
    let mode = std::fs::metadata(path).map_or(0o644, |old| std::os::unix::fs::PermissionsExt::mode(&old.permissions()));
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode & 0o777);
    file.as_file().set_permissions(permissions).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
