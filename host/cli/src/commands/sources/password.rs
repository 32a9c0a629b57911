//! The password of a secret key, never from the command line, where others could read it.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use anyhow::{Context as _, Result, bail};
use secrecy::{ExposeSecret as _, SecretString};

/// The variable that it may stand in.
const VARIABLE: &str = "AUTOCONTENT_KEY_PASSWORD";
/// The longest password, in bytes; minisign's bound.
const MAX: usize = 1_024;

/// The password of a key that there is.
pub(super) fn asked() -> Result<SecretString> {
    checked(match given()? {
        Some(password) => password,
        None => prompt("Password of the key: ")?,
    })
}

/// A password for a new key. On a terminal it is asked for twice.
pub(super) fn chosen() -> Result<SecretString> {
    if let Some(password) = given()? {
        return checked(password);
    }
    let password = checked(prompt("Password for the new key: ")?)?;
    if prompt("Once more: ")?.expose_secret() != password.expose_secret() {
        bail!("the two passwords differ; try again");
    }
    Ok(password)
}

/// From the environment or, where nobody sits at a terminal, the first line of standard input.
fn given() -> Result<Option<SecretString>> {
    if let Some(password) = std::env::var(VARIABLE).ok().filter(|password| !password.is_empty()) {
        return Ok(Some(SecretString::from(password)));
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    stdin.lock().take(MAX as u64 + 2).read_line(&mut line).context("could not read the password")?;
    Ok(Some(SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned())))
}

fn prompt(text: &str) -> Result<SecretString> {
    Ok(SecretString::from(rpassword::prompt_password(text).context("could not ask for the password")?))
}

fn checked(password: SecretString) -> Result<SecretString> {
    match password.expose_secret().len() {
        0 => bail!(
            "no password given: put it into {VARIABLE}, send it to standard input, or use a key without one (`keygen --no-password`)"
        ),
        MAX.. if password.expose_secret().len() > MAX => {
            bail!("the password is longer than {MAX} bytes; take a shorter one")
        }
        _ => Ok(password),
    }
}
