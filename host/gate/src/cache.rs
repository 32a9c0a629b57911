//! What one provider fetched before and may be given again, by the rules of RFC 9111 for a shared cache, and stricter: no
//! guessed freshness, nothing stale, nothing with cookies. An entry belongs to one set of secrets and to the very headers that
//! it was asked with, so that a `Vary` is always met. What is kept is what the guest was given: unpacked, without secrets.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use autocontent_runtime::contract::http::Header;
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::limits::{CACHED_BODY, FRESH};

/// A guest that sends one of these steers caches itself, or asks for something of its own.
const UNCACHED: [HeaderName; 10] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::CACHE_CONTROL,
    header::PRAGMA,
    header::RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::IF_RANGE,
];

/// What a map's entry takes beside its texts.
const OVERHEAD: usize = 512;

/// The memory of one provider.
pub(crate) struct Memory(Cache<Key, Arc<Stored>>);

/// What was asked, and with which secrets.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// None where the answer must not be kept.
    pub(crate) fn new(method: &Method, url: &Url, headers: &HeaderMap, secrets: &[u8; 32]) -> Option<Key> {
        if method != Method::GET || headers.keys().any(|name| UNCACHED.contains(name)) {
            return None;
        }
        let mut lines: Vec<(&str, &[u8])> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        lines.sort();
        let mut hash = Sha256::new();
        hash.update(secrets);
        let parts = lines.iter().flat_map(|(name, value)| [name.as_bytes(), value]);
        for part in [url.as_str().as_bytes()].into_iter().chain(parts) {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        Some(Key(hash.finalize().into()))
    }
}

/// One answer.
pub(crate) struct Stored {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Bytes,
    fresh_until: Timestamp,
    etag: Option<HeaderValue>,
    last_modified: Option<HeaderValue>,
}

impl Stored {
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        // Longer than anything is fresh only if the clock was set back.
        now < self.fresh_until && self.fresh_until.duration_since(now).unsigned_abs() <= FRESH
    }

    /// Asks for the answer only where it isn't this one any more.
    pub(crate) fn make_conditional(&self, headers: &mut HeaderMap) {
        if let Some(etag) = &self.etag {
            headers.insert(header::IF_NONE_MATCH, etag.clone());
        }
        if let Some(date) = &self.last_modified {
            headers.insert(header::IF_MODIFIED_SINCE, date.clone());
        }
    }
}

impl Memory {
    pub(crate) fn new(bytes: usize) -> Memory {
        let size = |_: &Key, stored: &Arc<Stored>| {
            let headers = stored.headers.iter().map(|header| header.name.len() + header.value.len()).sum::<usize>();
            u32::try_from(stored.body.len() + headers + OVERHEAD).unwrap_or(u32::MAX)
        };
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        Memory(Cache::builder().max_capacity(bytes).weigher(size).eviction_policy(EvictionPolicy::lru()).build())
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Stored>> {
        self.0.get(key)
    }

    /// Keeps an answer where its server allows it, and forgets the one before where it doesn't.
    pub(crate) fn keep(
        &self,
        key: Key,
        status: StatusCode,
        received: &HeaderMap,
        headers: &[Header],
        body: &Bytes,
        now: Timestamp,
    ) {
        let etag = received.get(header::ETAG).cloned();
        let last_modified = received.get(header::LAST_MODIFIED).cloned();
        let fresh = fresh_for(received, now);
        let kept = body.len() <= CACHED_BODY
            && matches!(status.as_u16(), 200 | 203 | 301 | 308 | 404 | 410)
            && is_storable(received)
            && (!fresh.is_zero() || etag.is_some() || last_modified.is_some());
        if !kept {
            self.0.invalidate(&key);
            return;
        }
        let (headers, body) = (headers.to_vec(), body.clone());
        let fresh_until = later(now, fresh);
        self.insert(key, Stored { status: status.as_u16(), headers, body, fresh_until, etag, last_modified });
    }

    fn insert(&self, key: Key, stored: Stored) {
        self.0.insert(key, Arc::new(stored));
        // Or the bound would hold some time later only.
        self.0.run_pending_tasks();
    }

    /// The server said that the answer is still the same.
    pub(crate) fn renew(&self, key: Key, stored: &Stored, received: &HeaderMap, now: Timestamp) {
        if !is_storable(received) {
            self.0.invalidate(&key);
            return;
        }
        // What the server doesn't say again still holds.
        let fresh =
            if says_freshness(received) { fresh_for(received, now) } else { fresh_for(&headers_of(stored), now) };
        self.insert(
            key,
            Stored {
                status: stored.status,
                headers: stored.headers.clone(),
                body: stored.body.clone(),
                fresh_until: later(now, fresh),
                etag: received.get(header::ETAG).or(stored.etag.as_ref()).cloned(),
                last_modified: received.get(header::LAST_MODIFIED).or(stored.last_modified.as_ref()).cloned(),
            },
        );
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| now.checked_add(by).ok()).unwrap_or(now)
}

fn says_freshness(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CACHE_CONTROL) || headers.contains_key(header::EXPIRES)
}

/// What a stored answer said about its freshness when it was fetched; its age then doesn't count any more.
fn headers_of(stored: &Stored) -> HeaderMap {
    let said = |name: &HeaderName| *name == header::CACHE_CONTROL || *name == header::EXPIRES || *name == header::DATE;
    let pairs = stored.headers.iter().filter_map(|line| {
        let name = HeaderName::from_bytes(line.name.as_bytes()).ok().filter(said)?;
        Some((name, HeaderValue::from_str(&line.value).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, value);
    }
    headers
}

fn is_storable(headers: &HeaderMap) -> bool {
    let varies = headers.get_all(header::VARY).iter().any(|value| value.as_bytes().contains(&b'*'));
    !varies
        && !headers.contains_key(header::SET_COOKIE)
        && directive(headers, "no-store").is_none()
        && directive(headers, "private").is_none()
}

/// How long an answer that has just come is fresh.
fn fresh_for(headers: &HeaderMap, now: Timestamp) -> Duration {
    if directive(headers, "no-cache").is_some() {
        return Duration::ZERO;
    }
    let given = directive(headers, "s-maxage").or_else(|| directive(headers, "max-age"));
    let lifetime = if let Some(seconds) = given {
        Duration::from_secs(seconds.parse().unwrap_or(0))
    } else {
        let date = |name| headers.get(name).and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok());
        let sent = date(header::DATE).unwrap_or_else(|| SystemTime::from(now));
        date(header::EXPIRES).and_then(|expires| expires.duration_since(sent).ok()).unwrap_or_default()
    };
    let age = headers.get(header::AGE).and_then(|age| age.to_str().ok()?.trim().parse().ok()).unwrap_or(0);
    lifetime.saturating_sub(Duration::from_secs(age)).min(FRESH)
}

/// The value of a `Cache-Control` directive, empty where it has none.
fn directive(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).find_map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_second(1_700_000_000).unwrap()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn freshness_is_what_the_server_says_and_nothing_guessed() {
        let date = httpdate::fmt_http_date(SystemTime::from(now()));
        let later = httpdate::fmt_http_date(SystemTime::from(now()) + Duration::from_secs(90));
        let cases: [(&[(&'static str, &str)], u64); 14] = [
            (&[], 0),
            (&[("last-modified", "Mon, 01 Jan 2001 00:00:00 GMT")], 0),
            (&[("cache-control", "max-age=60")], 60),
            (&[("cache-control", "public, MAX-AGE=\"60\"")], 60),
            (&[("cache-control", "max-age=60, s-maxage=5")], 5),
            (&[("cache-control", "max-age=60, no-cache")], 0),
            (&[("cache-control", "max-age=soon")], 0),
            (&[("cache-control", "max-age=60"), ("age", "20")], 40),
            (&[("cache-control", "max-age=60"), ("age", "18446744073709551615")], 0),
            (&[("cache-control", "max-age=18446744073709551615")], 86_400),
            (&[("expires", &later), ("date", &date)], 90),
            (&[("expires", &later)], 90),
            (&[("expires", "0")], 0),
            (&[("cache-control", "max-age=7"), ("expires", &later)], 7),
        ];
        for (lines, seconds) in cases {
            assert_eq!(fresh_for(&headers(lines), now()).as_secs(), seconds, "{lines:?}");
        }
    }

    #[test]
    fn what_is_private_or_varies_on_everything_is_not_kept() {
        for line in [
            ("cache-control", "no-store"),
            ("cache-control", "max-age=9, private"),
            ("cache-control", "private=\"x\""),
            ("vary", "*"),
            ("set-cookie", "a=b"),
        ] {
            assert!(!is_storable(&headers(&[line])), "{line:?}");
        }
        assert!(is_storable(&headers(&[("cache-control", "max-age=9"), ("vary", "accept")])));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nothing_fresh_for_ever() {
        let memory = Memory::new(1 << 20);
        let key = Key([0; 32]);
        let said = headers(&[("cache-control", "max-age=60")]);
        memory.keep(key, StatusCode::OK, &said, &[], &Bytes::new(), now());
        let stored = memory.get(&key).unwrap();
        assert!(stored.is_fresh(later(now(), Duration::from_secs(59))));
        assert!(!stored.is_fresh(later(now(), Duration::from_secs(60))));
        assert!(!stored.is_fresh(now().checked_sub(SignedDuration::from_hours(48)).unwrap()));
    }

    #[test]
    fn an_entry_too_large_is_fetched_anew() {
        let memory = Memory::new(8 << 20);
        let said = headers(&[("cache-control", "max-age=60")]);
        for (length, kept) in [(CACHED_BODY, true), (CACHED_BODY + 1, false)] {
            let key = Key([u8::from(kept); 32]);
            memory.keep(key, StatusCode::OK, &said, &[], &Bytes::from(vec![0; length]), now());
            assert_eq!(memory.get(&key).is_some(), kept);
        }
    }
}
