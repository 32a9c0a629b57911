//! Secrets that an operator gives: from the environment or standard input, but never from the command line, where others
//! could read them.

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Result, bail};
use secrecy::{ExposeSecret as _, SecretString};

/// More than any secret has, in bytes.
const LONGEST: u64 = 8_192;

/// What the variable holds, or else standard input. `what` names it for whoever is asked: "bot's token".
pub(crate) fn read(what: &str, variable: &str) -> Result<SecretString> {
    if let Some(secret) = from_environment(variable) {
        return Ok(secret);
    }
    if std::io::stdin().is_terminal() {
        eprintln!("Paste the {what} and press Enter, then Ctrl-D:");
    }
    let mut secret = String::new();
    std::io::stdin().take(LONGEST).read_to_string(&mut secret)?;
    let secret = SecretString::from(secret.trim().to_owned());
    if secret.expose_secret().is_empty() {
        let short = what.rsplit(' ').next().unwrap_or(what);
        bail!("no {short} given: put the {what} into {variable} or send it to standard input");
    }
    Ok(secret)
}

/// What the variable holds, if it holds something.
pub(crate) fn from_environment(variable: &str) -> Option<SecretString> {
    let secret = std::env::var(variable).ok()?;
    (!secret.trim().is_empty()).then(|| SecretString::from(secret.trim().to_owned()))
}
