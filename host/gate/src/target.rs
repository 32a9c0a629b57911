//! Where a request goes: a URL that was parsed once, and checked against what was granted. The connection, the `Host`
//! header and the check all take the host from here, so that no second parser can read another one.

use std::net::IpAddr;

use autocontent_manifest::HostPattern;
use autocontent_runtime::contract::http::Error;
use url::{Host, Url};

use crate::address::is_public;
use crate::config::DevelopmentHost;
use crate::limits::URL_BYTES;

/// A URL that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Without user, password and fragment; never with a secret.
    pub(crate) url: Url,
    /// As the URL spells it: lower case, punycode, an address in its plain form, IPv6 in brackets.
    pub(crate) host: String,
    /// Whether it goes over https.
    pub(crate) secure: bool,
    /// Whether the operator named it as a development host.
    pub(crate) development: bool,
}

/// What was granted.
pub(crate) struct Grants {
    pub(crate) hosts: Vec<HostPattern>,
    /// Those of the hosts that may be asked over http too.
    pub(crate) plain_http: Vec<HostPattern>,
}

impl Grants {
    /// Checks the text of a guest's request.
    pub(crate) fn target(&self, text: &str, development: &[DevelopmentHost]) -> Result<Target, Error> {
        if text.len() > URL_BYTES {
            return Err(Error::InvalidRequest(format!(
                "the URL has {} bytes; at most {URL_BYTES} are sent",
                text.len()
            )));
        }
        let url = Url::parse(text).map_err(|error| Error::InvalidRequest(format!("the URL can't be read: {error}")))?;
        self.check(url, development)
    }

    /// Checks where a redirect leads.
    pub(crate) fn check(&self, mut url: Url, development: &[DevelopmentHost]) -> Result<Target, Error> {
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(Error::InvalidRequest(format!("{other}: is no scheme for HTTP; use https"))),
        };
        if url.as_str().len() > URL_BYTES {
            return Err(Error::InvalidRequest(format!("the URL is too long; at most {URL_BYTES} bytes are sent")));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::InvalidRequest("a URL with a user or password is not sent; use a header".into()));
        }
        let host = match url.host() {
            Some(host) => host.to_owned(),
            None => return Err(Error::InvalidRequest("the URL has no host".into())),
        };
        let name = host.to_string();
        let port = url.port_or_known_default().unwrap_or_default();
        let development = development.iter().any(|entry| entry.is(&name, port));
        if !self.hosts.iter().any(|pattern| pattern.matches(&name)) {
            return Err(Error::Denied(format!("{name} is not among the granted hosts")));
        }
        if !development {
            if !secure && !self.plain_http.iter().any(|pattern| pattern.matches(&name)) {
                return Err(Error::Denied(format!("{name} is granted over https only")));
            }
            if let Some(port) = url.port() {
                return Err(Error::Denied(format!("port {port} of {name} is not granted, only the scheme's own port")));
            }
            if literal(&host).is_some_and(|address| !is_public(address)) {
                return Err(Error::Denied(format!("{name} is not a public address")));
            }
        }
        url.set_fragment(None);
        Ok(Target { url, host: name, secure, development })
    }
}

fn literal(host: &Host<String>) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
    }
}
