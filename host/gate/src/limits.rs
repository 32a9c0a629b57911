//! What a call, a provider and a host are allowed, each number with its reason.

use std::time::Duration;

/// Headers in a request, and their bytes together. Ten times what an API needs.
pub(crate) const REQUEST_HEADERS: usize = 64;
pub(crate) const REQUEST_HEADER_BYTES: usize = 16 << 10;
/// A URL's length; most servers refuse more.
pub(crate) const URL_BYTES: usize = 8 << 10;
/// Headers in a response, and their bytes together: they are lifted into the guest's memory one by one.
pub(crate) const RESPONSE_HEADERS: usize = 100;
pub(crate) const RESPONSE_HEADER_BYTES: usize = 32 << 10;
/// Addresses of one name that are tried, and the time that each but the last has: many machines have an IPv6 address that
/// leads nowhere.
pub(crate) const ADDRESSES: usize = 4;
pub(crate) const ATTEMPT: Duration = Duration::from_millis(1200);
/// Name lookups at once, of one provider and of all. Each holds a thread, and a hostile name server can hold it for long.
pub(crate) const LOOKUPS_PER_PROVIDER: usize = 8;
pub(crate) const LOOKUPS: usize = 64;
/// Idle connections to one host, and how long they are kept.
pub(crate) const IDLE_PER_HOST: usize = 4;
pub(crate) const IDLE: Duration = Duration::from_secs(60);
/// What a cached response may take; one larger is fetched anew.
pub(crate) const CACHED_BODY: usize = 1 << 20;
/// No response is fresh for longer than this, whatever its server says.
pub(crate) const FRESH: Duration = Duration::from_secs(24 * 3600);
/// A server that asks to wait is obeyed for at most this long.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(3600);
/// Hosts of one provider that are remembered as asking to wait.
pub(crate) const WAITING_HOSTS: usize = 256;
/// How long a request may stand in line for its host's pace.
pub(crate) const TURN: Duration = Duration::from_secs(2);
/// After this long without a call, a provider's connections and cache are let go.
pub(crate) const UNUSED: Duration = Duration::from_secs(3600);

/// The bounds that an operator may change. The defaults fit providers that ask a few APIs for text and pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateLimits {
    /// Requests of one call, each redirect counted as one more; default 16.
    pub requests_per_call: u32,
    /// Requests of one call that are under way at once, the others wait; default 6, as in a browser.
    pub concurrent_per_call: usize,
    /// Requests of one provider that are under way at once, the others wait; default 32.
    pub concurrent_per_provider: usize,
    /// Bytes of one request's body; default 1 MiB.
    pub request_body: usize,
    /// Bytes of one response's body, as it came and unpacked; default 8 MiB, the most that a manifest may want for media.
    pub response_body: usize,
    /// Bytes of all unpacked bodies of one call; default 16 MiB.
    pub received_per_call: usize,
    /// Bytes of one provider's bodies that are being read at once; default 64 MiB.
    pub held_per_provider: usize,
    /// Redirects of one request; default 5.
    pub redirects: u32,
    /// One request with its redirects, waiting included; default 10 s, two more than a call has by default.
    pub time: Duration,
    /// Name lookup, connection and TLS together; default 5 s.
    pub connect: Duration,
    /// Bytes of responses remembered for one provider; default 4 MiB.
    pub cache_per_provider: usize,
    /// The pace of one provider at one host; default 10 a second, 20 at once.
    pub provider_pace: Pace,
    /// The pace of all providers together at one host; default 20 a second, 40 at once.
    pub host_pace: Pace,
}

impl Default for GateLimits {
    fn default() -> GateLimits {
        GateLimits {
            requests_per_call: 16,
            concurrent_per_call: 6,
            concurrent_per_provider: 32,
            request_body: 1 << 20,
            response_body: 8 << 20,
            received_per_call: 16 << 20,
            held_per_provider: 64 << 20,
            redirects: 5,
            time: Duration::from_secs(10),
            connect: Duration::from_secs(5),
            cache_per_provider: 4 << 20,
            provider_pace: Pace { per_second: 10, burst: 20 },
            host_pace: Pace { per_second: 20, burst: 40 },
        }
    }
}

/// How often a host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Requests a second in the long run; at least 1.
    pub per_second: u32,
    /// Requests that may come at once after a rest; at least 1.
    pub burst: u32,
}
