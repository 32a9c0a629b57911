//! Small durable data, up to the quota that provider.toml asks for. A provider sees only its own, and of a
//! guild's or a member's only that of the request it is serving.

use std::time::Duration;

use crate::{Failure, host};

pub use crate::bindings::autocontent::provider::storage::{Error, Scope};

/// The value under a key, if there is one.
///
/// # Errors
///
/// [`Error::TooLarge`] for an empty key or one over 256 bytes; [`Error::Unavailable`].
pub fn get(scope: Scope, key: &str) -> Result<Option<Vec<u8>>, Error> {
    host::storage::get(scope, key)
}

/// Sets the value under a key, for good or until `time_to_live` (in whole seconds) is over.
///
/// # Errors
///
/// [`Error::TooLarge`] also for a value over 64 KiB; [`Error::Full`] when the quota is used up;
/// [`Error::Unavailable`].
pub fn set(scope: Scope, key: &str, value: impl AsRef<[u8]>, time_to_live: Option<Duration>) -> Result<(), Error> {
    let seconds = time_to_live.map(|time| u32::try_from(time.as_secs()).unwrap_or(u32::MAX));
    host::storage::set(scope, key, value.as_ref(), seconds)
}

/// Removes a key; also succeeds where there is none.
///
/// # Errors
///
/// Those of [`get`].
pub fn delete(scope: Scope, key: &str) -> Result<(), Error> {
    host::storage::delete(scope, key)
}

/// Adds to a counter in one step, even when several calls do so at once, and returns its new value. A missing
/// key counts from 0; [`get`] reads a counter as a decimal number.
///
/// # Errors
///
/// Those of [`set`]; [`Error::TooLarge`] also where another value than a whole number is kept there, or the sum is
/// beyond 64 bits.
pub fn increment(scope: Scope, key: &str, by: i64) -> Result<i64, Error> {
    host::storage::increment(scope, key, by)
}

/// At most `limit` keys that begin with `prefix`, in byte order, from after the key `after`; at most 1,000 at once.
///
/// # Errors
///
/// [`Error::Unavailable`].
pub fn keys(scope: Scope, prefix: &str, after: Option<&str>, limit: u32) -> Result<Vec<String>, Error> {
    host::storage::keys(scope, prefix, after, limit)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Full => Failure::Misconfigured("the provider's storage quota is used up".into()),
            Error::TooLarge => {
                Failure::Internal("a storage key, value or number is beyond what the contract allows".into())
            }
            Error::Unavailable => Failure::Internal("the host's storage is unavailable".into()),
        }
    }
}
