//! What the gate is given: a clock set by hand, names resolved by hand, and what a provider was granted.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use autocontent_gate::{Access, CallGate, Gate, GateConfig, HostSecret, Resolve};
use autocontent_manifest::SecretPlace;
use autocontent_runtime::contract::http::{Error, Header, Method, Request, Response};
use autocontent_runtime::{Clock, Http as _};
use jiff::{SignedDuration, Timestamp};

use crate::upstream::{AUTHORITY, Upstream};

pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Stands still until it is moved.
pub(crate) struct HandClock(Mutex<Timestamp>);

impl HandClock {
    pub(crate) fn advance(&self, seconds: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The addresses of a name at its so many-th lookup.
type Addresses = dyn Fn(&str, usize) -> Vec<IpAddr> + Send + Sync;

/// Answers lookups and remembers them.
pub(crate) struct Names {
    answer: Box<Addresses>,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(host.to_owned());
        Ok((self.answer)(host, asked.len()))
    }
}

pub(crate) struct World {
    pub(crate) config: GateConfig,
    pub(crate) clock: Arc<HandClock>,
    names: Arc<Names>,
}

impl World {
    /// All names lead to this machine.
    pub(crate) fn new() -> World {
        World::with_names(|_, _| vec![LOOPBACK])
    }

    /// Names lead where the function says; its number counts the lookups.
    pub(crate) fn with_names(answer: impl Fn(&str, usize) -> Vec<IpAddr> + Send + Sync + 'static) -> World {
        let names = Arc::new(Names { answer: Box::new(answer), asked: Mutex::default() });
        let config = GateConfig {
            extra_roots: vec![AUTHORITY.root.clone()],
            resolver: Arc::clone(&names) as Arc<dyn Resolve>,
            ..GateConfig::default()
        };
        let clock = Arc::new(HandClock(Mutex::new(Timestamp::from_second(1_780_000_000).unwrap())));
        World { config, clock, names }
    }

    /// Allows a server under a name.
    pub(crate) fn with(mut self, host: &str, upstream: &Upstream) -> World {
        self.config.development.push(format!("{host}:{}", upstream.port).parse().unwrap());
        self
    }

    pub(crate) fn gate(&self) -> Gate {
        Gate::new(self.config.clone(), Arc::clone(&self.clock) as Arc<dyn Clock>).unwrap()
    }

    /// One call of the provider `test` in a gate of its own.
    pub(crate) fn call(&self, hosts: &[&str]) -> Arc<CallGate> {
        self.gate().provider(access(hosts)).call()
    }

    pub(crate) fn lookups(&self) -> Vec<String> {
        self.names.asked.lock().unwrap().clone()
    }
}

/// The provider `test`, granted these hosts.
pub(crate) fn access(hosts: &[&str]) -> Access {
    let hosts = hosts.iter().map(|host| host.parse().unwrap()).collect();
    Access { provider: "test".parse().unwrap(), hosts, plain_http: Vec::new(), secrets: Vec::new() }
}

pub(crate) fn header_secret(host: &str, header: &str, value: &str) -> HostSecret {
    let place = SecretPlace::Header(header.parse().unwrap());
    HostSecret { name: "api-key".parse().unwrap(), host: host.parse().unwrap(), place, value: value.into() }
}

pub(crate) fn query_secret(host: &str, parameter: &str, value: &str) -> HostSecret {
    let place = SecretPlace::Query(parameter.parse().unwrap());
    HostSecret { name: "api-key".parse().unwrap(), host: host.parse().unwrap(), place, value: value.into() }
}

pub(crate) fn request(method: Method, url: &str) -> Request {
    Request { method, url: url.to_owned(), headers: Vec::new(), body: None, timeout_ms: None }
}

pub(crate) fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: value.to_owned() }
}

pub(crate) async fn get(call: &CallGate, url: &str) -> Result<Response, Error> {
    call.fetch(request(Method::Get, url)).await
}

pub(crate) async fn get_with(call: &CallGate, url: &str, headers: &[(&str, &str)]) -> Result<Response, Error> {
    let headers = headers.iter().map(|(name, value)| header(name, value)).collect();
    call.fetch(Request { headers, ..request(Method::Get, url) }).await
}

/// The first header of this name.
pub(crate) fn line<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
}
