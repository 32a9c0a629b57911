//! The manifest through its public interface.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod command_line;
mod faults;
mod hosts_and_settings;
mod round_trip;
mod schema;
mod whole;

/// The manifest of a provider that uses every part of the file.
const FULL: &str = include_str!("full.toml");
/// The least that a manifest has.
const LEAST: &str = include_str!("least.toml");

/// A snapshot holds what was found and not the code that found it.
fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings
}
