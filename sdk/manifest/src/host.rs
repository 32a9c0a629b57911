//! Patterns for the hosts that a provider may call.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use crate::text::{InvalidText, as_string};

/// One host (`api.example.com`), every host below a domain (`*.example.com`), or one address (`203.0.113.7`, `[2001:db8::7]`).
/// Lower-case ASCII; international names in punycode. A pattern never reaches over a whole top-level domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern(String);

impl HostPattern {
    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a URL's host is meant. `*.example.com` matches `a.example.com` and `b.a.example.com`, not `example.com`.
    /// An IPv6 address stands in brackets, as in a URL. A final dot is not overlooked.
    pub fn matches(&self, host: &str) -> bool {
        match self.suffix() {
            Some(suffix) => {
                let start = host.len().checked_sub(suffix.len());
                start.is_some_and(|start| {
                    start > 0
                        && host.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
                        && host.get(..start).is_some_and(is_labels_ignoring_case)
                })
            }
            None => self.0.eq_ignore_ascii_case(host),
        }
    }

    /// Whether this pattern matches every host that the other does.
    pub fn covers(&self, other: &HostPattern) -> bool {
        match (self.suffix(), other.suffix()) {
            (Some(own), Some(others)) => others.ends_with(own),
            (_, None) => self.matches(&other.0),
            (None, Some(_)) => false,
        }
    }

    /// Of `*.example.com` the `.example.com`.
    fn suffix(&self) -> Option<&str> {
        self.0.strip_prefix('*')
    }
}

impl FromStr for HostPattern {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<HostPattern, InvalidText> {
        match fault(text) {
            None => Ok(HostPattern(text.to_owned())),
            Some(advice) => Err(InvalidText::new(text, "a host pattern", advice)),
        }
    }
}

impl AsRef<str> for HostPattern {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

as_string!(HostPattern);

/// What to do about a text that is no pattern.
fn fault(text: &str) -> Option<&'static str> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    if text.contains("://") {
        Some("leave out the scheme and write the host alone, such as \"example.com\"")
    } else if text.contains('/') {
        Some("leave out the path and write the host alone, such as \"example.com\"")
    } else if is_ipv6(text) {
        None
    } else if text.contains(':') {
        Some(
            "leave out the port; write an IPv6 address in brackets and in its shortest form, such as \"[2001:db8::7]\"",
        )
    } else if !text.is_ascii() {
        Some("write an international name in punycode, such as \"xn--bcher-kva.example\"")
    } else if text.chars().any(|c| c.is_ascii_uppercase()) {
        Some("use lower case")
    } else if name.contains('*') {
        Some("put * only at the beginning, before a domain of two parts or more, such as \"*.example.com\"")
    } else if !is_labels(name) || name.len() > 253 {
        Some("use \"example.com\" for one host or \"*.example.com\" for all below it")
    } else if looks_like_ipv4(name) {
        // A URL parser takes a host whose last part is a number for an address.
        (name.len() != text.len() || !is_ipv4(name))
            .then_some("write an address whole and in its plain form, such as \"203.0.113.7\"")
    } else if name.len() != text.len() && !name.contains('.') {
        Some("name a domain of two parts or more after *, such as \"*.example.com\"")
    } else {
        None
    }
}

/// Dot-separated parts of 1 to 63 of a–z, 0–9 and inner hyphens.
fn is_labels(name: &str) -> bool {
    name.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

/// What may stand for the `*`: more leniently, as names in use have underscores too.
fn is_labels_ignoring_case(name: &str) -> bool {
    name.split('.')
        .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'))
}

fn looks_like_ipv4(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    last.chars().all(|c| c.is_ascii_digit()) || last.starts_with("0x")
}

fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == text)
}

fn is_ipv6(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok_and(|address| address.to_string() == inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> HostPattern {
        text.parse().unwrap()
    }

    #[test]
    fn patterns_that_are_taken_and_refused() {
        for good in [
            "example.com",
            "*.example.com",
            "a.b.example.com",
            "xn--bcher-kva.example",
            "localhost",
            "203.0.113.7",
            "[2001:db8::7]",
            "[::1]",
            "4chan.org",
            "1.example.com",
        ] {
            assert!(good.parse::<HostPattern>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "*.",
            "*.com",
            "*.*.com",
            "a.*.com",
            "exam*ple.com",
            "https://example.com",
            "example.com:443",
            "example.com/x",
            "Example.com",
            "bücher.example",
            "*.0.113.7",
            "203.0.113",
            "1.2.3.4.5",
            "0x7f.0.0.0x1",
            "127.0.0.01",
            "::1",
            "[::1]:80",
            "[2001:DB8::7]",
            "example..com",
            ".example.com",
            "example.com.",
            "-a.com",
            "a-.com",
            "a b.com",
            "a_b.com",
            "user@example.com",
            "*.[::1]",
        ] {
            assert!(bad.parse::<HostPattern>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_wildcard_matches_below_the_domain_only() {
        let wildcard = pattern("*.example.com");
        for host in ["a.example.com", "A.Example.COM", "b.a.example.com", "a_b.example.com"] {
            assert!(wildcard.matches(host), "{host}");
        }
        for host in [
            "example.com",
            ".example.com",
            "badexample.com",
            "a.example.com.",
            "a.example.com.evil.org",
            "",
            "a..example.com",
            "evil.org/.example.com",
            "é.example.com",
        ] {
            assert!(!wildcard.matches(host), "{host}");
        }
        assert!(pattern("example.com").matches("EXAMPLE.com"));
        assert!(!pattern("example.com").matches("a.example.com"));
        assert!(pattern("[::1]").matches("[::1]"));
    }

    #[test]
    fn covering_is_matching_all_that_the_other_matches() {
        assert!(pattern("*.example.com").covers(&pattern("a.example.com")));
        assert!(pattern("*.example.com").covers(&pattern("*.example.com")));
        assert!(pattern("*.example.com").covers(&pattern("*.a.example.com")));
        assert!(!pattern("*.a.example.com").covers(&pattern("*.example.com")));
        assert!(!pattern("*.example.com").covers(&pattern("example.com")));
        assert!(!pattern("a.example.com").covers(&pattern("*.example.com")));
    }
}
