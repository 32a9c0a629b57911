//! Hosts whose requests go to this machine instead, so that recorded upstreams can be served to a host that runs as in
//! production.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use autocontent_manifest::HostPattern;
use thiserror::Error;

/// What stands for every host.
const ALL: &str = "*";

/// A host, or all of them, and the loopback address that its requests go to in plain HTTP: `api.example.com=127.0.0.1:8090`,
/// or `*=127.0.0.1:8090`. What a provider may ask, which secrets go with it, and every bound stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevelopmentUpstream {
    /// None for all.
    host: Option<HostPattern>,
    address: SocketAddr,
}

/// A text that is no [`DevelopmentUpstream`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{text:?} is not a development upstream; write a host and a loopback address with its port, such as \
     \"api.example.com=127.0.0.1:8090\", or \"*=127.0.0.1:8090\" for every host"
)]
pub struct InvalidDevelopmentUpstream {
    /// The text.
    pub text: String,
}

impl fmt::Display for DevelopmentUpstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.as_ref().map_or(ALL, HostPattern::as_str);
        write!(f, "{host}={}", self.address)
    }
}

impl FromStr for DevelopmentUpstream {
    type Err = InvalidDevelopmentUpstream;

    fn from_str(text: &str) -> Result<DevelopmentUpstream, InvalidDevelopmentUpstream> {
        upstream(text).ok_or_else(|| InvalidDevelopmentUpstream { text: text.to_owned() })
    }
}

fn upstream(text: &str) -> Option<DevelopmentUpstream> {
    let (host, address) = text.split_once('=')?;
    let host = if host == ALL { None } else { Some(host.parse().ok()?) };
    let address = address.parse::<SocketAddr>().ok()?;
    (address.ip().is_loopback() && address.port() != 0).then_some(DevelopmentUpstream { host, address })
}

/// Where the requests for a host go instead, if they do.
pub(crate) fn address_of(upstreams: &[DevelopmentUpstream], host: &str) -> Option<SocketAddr> {
    let named = |upstream: &&DevelopmentUpstream| upstream.host.as_ref().is_none_or(|named| named.matches(host));
    upstreams.iter().find(named).map(|upstream| upstream.address)
}
