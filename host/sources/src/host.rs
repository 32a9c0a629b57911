//! Whether a host is this machine itself: the only one that is spoken to without TLS.

use url::{Host, Url};

/// Whether a URL leads to this machine: `localhost`, 127.0.0.0/8 or `[::1]`. Names are not looked up.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether this may be asked at all: over https, or on this machine.
pub(crate) fn may_be_asked(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}
