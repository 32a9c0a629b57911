//! Addresses that a guest asks the gate for.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arbitrary::{Result, Unstructured};
use async_trait::async_trait;
use autocontent_gate::{Access, Gate, GateConfig, GateLimits, Pace, Resolve, is_public};
use autocontent_manifest::HostPattern;
use autocontent_runtime::contract::http::{Error, Header, Method, Request};
use autocontent_runtime::{Http as _, SystemClock};

use crate::items::list;

/// Networks that are not everybody's, each with the length of its prefix: IANA's registries, written down once more.
const SPECIAL: [(&str, u32); 31] = [
    ("0.0.0.0", 8),
    ("10.0.0.0", 8),
    ("100.64.0.0", 10),
    ("127.0.0.0", 8),
    ("169.254.0.0", 16),
    ("172.16.0.0", 12),
    ("192.0.0.0", 24),
    ("192.0.2.0", 24),
    ("192.88.99.0", 24),
    ("192.168.0.0", 16),
    ("198.18.0.0", 15),
    ("198.51.100.0", 24),
    ("203.0.113.0", 24),
    ("224.0.0.0", 4),
    ("240.0.0.0", 4),
    ("::", 96),
    ("::ffff:0:0", 96),
    ("::ffff:0:0:0", 96),
    ("64:ff9b::", 96),
    ("64:ff9b:1::", 48),
    ("100::", 64),
    ("2001::", 32),
    ("2001:2::", 48),
    ("2001:10::", 28),
    ("2001:20::", 28),
    ("2001:db8::", 32),
    ("2002::", 16),
    ("3fff::", 20),
    ("fc00::", 7),
    ("fe80::", 10),
    ("ff00::", 8),
];
/// The beginnings of URLs, and spellings of addresses that are not everybody's.
const URLS: [&str; 4] = ["https://", "http://", "", "HTTPS:/\\"];
const HOSTS: [&str; 14] = [
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "169.254.169.254.",
    "localhost",
    "example.com@127.0.0.1",
    "127。0。0。1",
    "example.com",
    "a.example.com",
];

/// No URL, whatever was granted and whatever its name leads to, has the gate connect to an address that is not public.
pub fn url(data: &[u8]) {
    let _ = asked(&mut Unstructured::new(data));
}

fn asked(input: &mut Unstructured<'_>) -> Result<()> {
    let addresses = list(input, 3, special)?;
    for address in &addresses {
        assert!(!is_public(*address), "{address} is taken for a public address");
    }
    let text = format!("{}{}{}", input.choose(&URLS)?, host(input)?, input.arbitrary::<&str>()?);
    // What is asked for is granted where it can be, beside something else.
    let bare = text.split("//").nth(1).unwrap_or(&text);
    let bare = bare.split(['/', '?', '#']).next().unwrap_or(bare).to_owned();
    let granted = [bare, host(input)?, "example.com".to_owned(), "*.example.com".to_owned()];
    let hosts: Vec<HostPattern> = granted.iter().filter_map(|pattern| pattern.parse().ok()).collect();
    if hosts.iter().any(leads_out) {
        return Ok(());
    }
    let plain_http = if input.arbitrary()? { hosts.clone() } else { Vec::new() };
    let headers = list(input, 2, |input| Ok(Header { name: input.arbitrary()?, value: input.arbitrary()? }))?;
    let request = Request { method: Method::Get, url: text, headers, body: None, timeout_ms: None };
    Way::get().refuses(hosts, plain_http, addresses, request);
    Ok(())
}

fn host(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(match input.int_in_range(0..=3)? {
        0 => input.arbitrary()?,
        1 => match special(input)? {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        },
        2 => u32::from(Ipv4Addr::new(127, input.arbitrary()?, 0, 1)).to_string(),
        _ => (*input.choose(&HOSTS)?).to_owned(),
    })
}

/// An address of one of the networks that are not everybody's.
fn special(input: &mut Unstructured<'_>) -> Result<IpAddr> {
    let (network, prefix) = *input.choose(&SPECIAL)?;
    let bits: u128 = input.arbitrary()?;
    Ok(match network.parse() {
        Ok(IpAddr::V4(network)) => {
            let inside = u32::MAX.checked_shr(prefix).unwrap_or(0);
            let [.., a, b, c, d] = bits.to_be_bytes();
            Ipv4Addr::from_bits(network.to_bits() | (u32::from_be_bytes([a, b, c, d]) & inside)).into()
        }
        Ok(IpAddr::V6(network)) => {
            let inside = u128::MAX.checked_shr(prefix).unwrap_or(0);
            Ipv6Addr::from_bits(network.to_bits() | (bits & inside)).into()
        }
        Err(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
    })
}

/// Whether a pattern is one address that is not in any of the networks: nothing is to leave this machine here.
fn leads_out(pattern: &HostPattern) -> bool {
    let text = pattern.as_str();
    let text = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
    text.parse().is_ok_and(|address: IpAddr| !SPECIAL.iter().any(|(network, prefix)| is_in(address, network, *prefix)))
}

fn is_in(address: IpAddr, network: &str, prefix: u32) -> bool {
    match (address, network.parse()) {
        (IpAddr::V4(address), Ok(IpAddr::V4(network))) => {
            (address.to_bits() ^ network.to_bits()).leading_zeros() >= prefix
        }
        (IpAddr::V6(address), Ok(IpAddr::V6(network))) => {
            (address.to_bits() ^ network.to_bits()).leading_zeros() >= prefix
        }
        _ => false,
    }
}

/// A gate whose names lead where the input says.
struct Way {
    gate: Gate,
    names: Names,
    tokio: tokio::runtime::Runtime,
}

#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<IpAddr>>>);

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Way {
    #[expect(clippy::expect_used, reason = "without a gate there is nothing to try")]
    fn get() -> &'static Way {
        static WAY: OnceLock<Way> = OnceLock::new();
        WAY.get_or_init(|| {
            let names = Names::default();
            // No input is to wait for those before it.
            let pace = Pace { per_second: u32::MAX, burst: 1 };
            let limits = GateLimits { provider_pace: pace, host_pace: pace, ..GateLimits::default() };
            let config = GateConfig { limits, resolver: Arc::new(names.clone()), ..GateConfig::default() };
            let gate = Gate::new(config, Arc::new(SystemClock)).expect("the gate opens");
            let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("tokio starts");
            Way { gate, names, tokio }
        })
    }

    #[expect(clippy::expect_used, clippy::panic, reason = "a target panics where a promise is broken")]
    fn refuses(&self, hosts: Vec<HostPattern>, plain_http: Vec<HostPattern>, addresses: Vec<IpAddr>, request: Request) {
        let said = format!("{} with {addresses:?}", request.url);
        *self.names.0.lock().unwrap_or_else(PoisonError::into_inner) = addresses;
        let provider = "guest".parse().expect("an id");
        let access = Access { provider, hosts, plain_http, secrets: Vec::new() };
        let outcome = self.tokio.block_on(async { self.gate.provider(access).call().fetch(request).await });
        match outcome {
            Err(Error::Denied(_) | Error::InvalidRequest(_)) => {}
            // A name that leads nowhere.
            Err(Error::Unreachable(why)) => assert!(why.starts_with("no address of"), "{said}: {why}"),
            other => panic!("{said}: {other:?}"),
        }
    }
}
