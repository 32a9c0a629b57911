//! What the operator decides for all providers.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use autocontent_manifest::HostPattern;
use rustls::pki_types::CertificateDer;
use thiserror::Error;
use url::{Host, Url};

use crate::call::Fetched;
use crate::limits::GateLimits;
use crate::network::Network;
use crate::resolve::{Resolve, SystemResolver};
use crate::upstream::DevelopmentUpstream;

/// Told of each request of a provider's once it has ended.
pub type OnFetch = Arc<dyn Fn(&Fetched) + Send + Sync>;

/// How the gate is set up.
#[derive(Clone)]
pub struct GateConfig {
    /// Who asks, in each request's `User-Agent`; the provider's id is added. Default `autocontent/VERSION`.
    pub user_agent: String,
    /// Hosts that may lie on this machine. Meant for authors; each is logged as a warning when the gate is made.
    pub development: Vec<DevelopmentHost>,
    /// Hosts whose requests go to this machine instead, in plain HTTP. Meant for authors, tests and demonstrations; each is
    /// logged as a warning when the gate is made.
    pub upstreams: Vec<DevelopmentUpstream>,
    /// Where answers come from; default [`Network::Wire`].
    pub network: Network,
    /// Told of each request; default nobody.
    pub on_fetch: Option<OnFetch>,
    /// Certificate authorities that are trusted beside Mozilla's.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// The bounds.
    pub limits: GateLimits,
    /// Where addresses come from; default [`SystemResolver`].
    pub resolver: Arc<dyn Resolve>,
}

impl Default for GateConfig {
    fn default() -> GateConfig {
        GateConfig {
            user_agent: concat!("autocontent/", env!("CARGO_PKG_VERSION")).to_owned(),
            development: Vec::new(),
            upstreams: Vec::new(),
            network: Network::Wire,
            on_fetch: None,
            extra_roots: Vec::new(),
            limits: GateLimits::default(),
            resolver: Arc::new(SystemResolver),
        }
    }
}

/// A host and port on this machine that granted providers may call, over https or http: `localhost:8080`, `127.0.0.1:8080`
/// or `[::1]:8080`. It may have another name where that leads to a loopback address; any other address is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevelopmentHost {
    host: String,
    port: u16,
}

impl DevelopmentHost {
    pub(crate) fn is(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host == host
    }
}

impl fmt::Display for DevelopmentHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A text that is no [`DevelopmentHost`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not a development host; write a loopback host with its port, such as \"localhost:8080\"")]
pub struct InvalidDevelopmentHost {
    /// The text.
    pub text: String,
}

impl FromStr for DevelopmentHost {
    type Err = InvalidDevelopmentHost;

    fn from_str(text: &str) -> Result<DevelopmentHost, InvalidDevelopmentHost> {
        development_host(text).ok_or_else(|| InvalidDevelopmentHost { text: text.to_owned() })
    }
}

fn development_host(text: &str) -> Option<DevelopmentHost> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0)?;
    // Compared with a URL's host later, so it must be spelled as a URL spells it.
    let url = Url::parse(&format!("http://{text}/")).ok()?;
    let is_one_host = host.parse::<HostPattern>().is_ok() && !host.starts_with('*');
    if !is_one_host || url.host_str() != Some(host) {
        return None;
    }
    let address = match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
    };
    address.is_none_or(|address| address.is_loopback()).then(|| DevelopmentHost { host: host.to_owned(), port })
}
