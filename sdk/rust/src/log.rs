//! Lines for the operator. A call may write 100 of 2 KiB; the host counts and drops what is more.
//!
//! ```
//! use autocontent_sdk::log;
//!
//! log::info("asking the second server");
//! log::warn(format!("{} headlines had no link", 3));
//! ```

use crate::host;

pub use crate::bindings::autocontent::provider::log::Level;

/// Writes a line.
pub fn write(level: Level, message: impl AsRef<str>) {
    host::log::write(level, message.as_ref());
}

/// Writes what only the author wants to read.
pub fn trace(message: impl AsRef<str>) {
    write(Level::Trace, message);
}

/// Writes what helps to find a fault.
pub fn debug(message: impl AsRef<str>) {
    write(Level::Debug, message);
}

/// Writes what happened as it should.
pub fn info(message: impl AsRef<str>) {
    write(Level::Info, message);
}

/// Writes what went wrong without harm.
pub fn warn(message: impl AsRef<str>) {
    write(Level::Warn, message);
}

/// Writes what went wrong.
pub fn error(message: impl AsRef<str>) {
    write(Level::Error, message);
}
