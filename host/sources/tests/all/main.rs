//! Sources, signatures and trust, against the real programs: `minisign`, and a registry.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod fetching;
mod logins;
mod oci;
mod server;
mod signatures;
mod sources;
mod tls;
mod trust;
