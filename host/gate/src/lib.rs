//! The gate: every HTTP request of a provider leaves through here, and nothing else of it does.
//!
//! Providers are written by strangers, and so are the servers that they talk to. A [`Gate`] exists once in a process; it
//! gives each provider a [`ProviderGate`], bound to what was granted to it and to the operator's secrets, and that gives each
//! call a [`CallGate`], which carries the call's budget and answers the contract's import `http`.
//!
//! What threatens, and what answers it:
//! - reaching the operator's own network: granted hosts only, public addresses only, and the connection goes to the very
//!   address that was checked (`target`, `address`, `connect`);
//! - redirects that lead elsewhere: each hop passes the same gate, and never from https to http (`fetch`);
//! - secrets that come back: added last, to their own host alone, and blotted out of whatever the guest is given
//!   (`secrets`);
//! - servers that send too much, too slowly, or a little that unpacks to a lot: caps on each header, body, unpacked body and
//!   on time (`exchange`, `body`);
//! - providers that ask for too much: budgets for each call and each provider (`call`, `gate`), a pace for each host, and
//!   obedience where a server asks to wait (`pace`);
//! - one provider or account that reads what another fetched: pools and caches belong to one provider, and no entry is shared
//!   between two sets of secrets (`cache`).
//!
//! For authors, tests and demonstrations, recordings may answer instead of the network (`network`), and the requests for a
//! host may go to this machine (`upstream`); everything above holds all the same.

mod address;
mod body;
mod cache;
mod call;
mod config;
mod connect;
mod exchange;
mod fetch;
mod gate;
mod headers;
mod limits;
mod network;
mod pace;
mod resolve;
mod secrets;
mod target;
mod upstream;

pub use address::is_public;
pub use call::{CallGate, Fetched, HttpUsage};
pub use config::{DevelopmentHost, GateConfig, InvalidDevelopmentHost, OnFetch};
pub use gate::{Access, Gate, GateError, HostSecret, ProviderGate};
pub use limits::{GateLimits, Pace};
pub use network::Network;
pub use resolve::{Resolve, SystemResolver};
/// A certificate in its binary form, for [`GateConfig::extra_roots`].
pub use rustls::pki_types::CertificateDer;
pub use upstream::{DevelopmentUpstream, InvalidDevelopmentUpstream};
