//! What a provider may do beyond answering, one capability at a time: what a manifest asks for and what an operator grants.
//!
//! Both are written as one text, such as `http:api.example.com` or `storage:262144`, in commands and in the database.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{ActivityKind, ByteSize, HostPattern, InvalidText, Manifest, text::as_text};

/// One thing that a manifest asks for, or that an operator grants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// `http:HOST`: calls to these hosts over https.
    Http(HostPattern),
    /// `plain-http:HOST`: calls over http too, which others can read on the way. No manifest asks for it: it widens a
    /// granted [`Capability::Http`].
    PlainHttp(HostPattern),
    /// `storage:BYTES`: so much data kept, also written as `storage:256 KiB`.
    Storage(ByteSize),
    /// `activity:KIND`: being asked when a recipient does this.
    Activity(ActivityKind),
    /// `schedule`: being asked at set times.
    Schedule,
}

const HTTP: &str = "http";
const PLAIN_HTTP: &str = "plain-http";
const STORAGE: &str = "storage";
const ACTIVITY: &str = "activity";
const SCHEDULE: &str = "schedule";

impl Capability {
    /// Whether whoever has this may do all that the other allows.
    pub fn covers(&self, other: &Capability) -> bool {
        match (self, other) {
            (Capability::Http(own), Capability::Http(other))
            | (Capability::PlainHttp(own), Capability::PlainHttp(other)) => own.covers(other),
            (Capability::Storage(own), Capability::Storage(other)) => own >= other,
            (own, other) => own == other,
        }
    }

    /// What both of these allow: of two hosts that overlap the narrower, of two sizes the smaller.
    pub fn meet<'a>(&'a self, other: &'a Capability) -> Option<&'a Capability> {
        if self.covers(other) { Some(other) } else { other.covers(self).then_some(self) }
    }
}

impl FromStr for Capability {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Capability, InvalidText> {
        let invalid = |allowed: &str| InvalidText::new(text, "a capability", allowed);
        let inner = |error: InvalidText| invalid(&error.allowed);
        match text.split_once(':') {
            Some((HTTP, host)) => host.parse().map(Capability::Http).map_err(inner),
            Some((PLAIN_HTTP, host)) => host.parse().map(Capability::PlainHttp).map_err(inner),
            Some((STORAGE, size)) => parse_size(size).map(Capability::Storage).map_err(inner),
            Some((ACTIVITY, kind)) => kind.parse().map(Capability::Activity).map_err(inner),
            None if text == SCHEDULE => Ok(Capability::Schedule),
            _ => Err(invalid("use http:HOST, plain-http:HOST, storage:SIZE, activity:KIND or schedule")),
        }
    }
}

/// A plain number is one of bytes.
fn parse_size(text: &str) -> Result<ByteSize, InvalidText> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match digits.then(|| text.parse()) {
        Some(Ok(bytes)) => Ok(ByteSize(bytes)),
        _ => text.parse(),
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Capability::Http(host) => write!(f, "{HTTP}:{host}"),
            Capability::PlainHttp(host) => write!(f, "{PLAIN_HTTP}:{host}"),
            Capability::Storage(size) => write!(f, "{STORAGE}:{}", size.bytes()),
            Capability::Activity(kind) => write!(f, "{ACTIVITY}:{kind}"),
            Capability::Schedule => f.write_str(SCHEDULE),
        }
    }
}

as_text!(Capability);

impl Manifest {
    /// Whether an operator may grant it this, though it doesn't ask for it: further hosts, where it says that it is meant
    /// for them.
    pub fn takes(&self, capability: &Capability) -> bool {
        self.capabilities.further_hosts && matches!(capability, Capability::Http(_) | Capability::PlainHttp(_))
    }

    /// All that this provider asks for.
    pub fn asks(&self) -> BTreeSet<Capability> {
        let http = self.capabilities.http.iter().cloned().map(Capability::Http);
        let storage = self.capabilities.storage.map(Capability::Storage);
        let activity = self.triggers.activity.iter().copied().map(Capability::Activity);
        let schedule = self.triggers.schedule.then_some(Capability::Schedule);
        http.chain(storage).chain(activity).chain(schedule).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capability(text: &str) -> Capability {
        text.parse().unwrap()
    }

    #[test]
    fn a_capability_covers_what_is_narrower_and_nothing_else() {
        for (wide, narrow) in [
            ("http:*.example.com", "http:api.example.com"),
            ("http:*.example.com", "http:*.api.example.com"),
            ("plain-http:*.example.com", "plain-http:api.example.com"),
            ("storage:262144", "storage:262143"),
            ("storage:262144", "storage:256 KiB"),
            ("activity:game", "activity:game"),
            ("schedule", "schedule"),
        ] {
            let (wide, narrow) = (capability(wide), capability(narrow));
            assert!(wide.covers(&narrow), "{wide} covers {narrow}");
            assert_eq!((wide.meet(&narrow), narrow.meet(&wide)), (Some(&narrow), Some(&narrow)));
        }
        for (narrow, wide) in [
            ("http:api.example.com", "http:*.example.com"),
            ("http:example.com", "plain-http:example.com"),
            ("plain-http:example.com", "http:example.com"),
            ("storage:262143", "storage:262144"),
            ("activity:game", "activity:music"),
            ("schedule", "activity:game"),
        ] {
            assert!(!capability(narrow).covers(&capability(wide)), "{narrow} does not cover {wide}");
        }
        for (one, other) in
            [("http:a.com", "http:b.com"), ("http:a.com", "plain-http:a.com"), ("schedule", "activity:game")]
        {
            assert_eq!(capability(one).meet(&capability(other)), None, "{one} and {other}");
        }
    }

    #[test]
    fn what_is_no_capability_is_refused_with_what_is() {
        let refusal = |text: &str| text.parse::<Capability>().unwrap_err().to_string();
        let all = "use http:HOST, plain-http:HOST, storage:SIZE, activity:KIND or schedule";
        for bad in ["", "http", "schedule:", "files:/etc", "HTTP:example.com", "schedule ", "storage"] {
            assert_eq!(refusal(bad), format!("{bad:?} is not a capability; {all}"));
        }
        assert_eq!(
            refusal("http:https://example.com"),
            r#""http:https://example.com" is not a capability; leave out the scheme and write the host alone, such as "example.com""#
        );
        for bad in
            ["storage:", "storage:+1", "storage:1 MB", "storage:99999999999999999999", "activity:sleep", "http:*"]
        {
            assert!(bad.parse::<Capability>().is_err(), "{bad}");
        }
    }
}
