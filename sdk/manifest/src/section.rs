//! What a provider is, may do and needs: everything in the manifest but its commands.

use std::{collections::BTreeSet, fmt, str::FromStr, time::Duration};

use crate::{
    ActivityKind, ByteSize, CommandLine, HeaderName, HostPattern, InvalidText, Kind, ProviderId, QueryName, SecretName,
    Text,
};

/// `[provider]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Unique on a host.
    pub id: ProviderId,
    /// For people, 1 to 64 characters.
    pub name: String,
    /// The provider's own version.
    pub version: semver::Version,
    /// One line, 1 to 200 characters.
    pub description: String,
    /// An SPDX expression, such as "MIT"; 1 to 100 characters, not looked up.
    pub license: String,
    /// The contract that the provider was written for.
    pub contract: ContractVersion,
    /// What it finds, 1 to 16.
    pub kinds: Vec<Kind>,
    /// A page about it, beginning with `https://` or `http://`.
    pub homepage: Option<String>,
}

/// A version of the contract between provider and host: "1.0".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractVersion {
    /// Raised by what breaks a provider.
    pub major: u16,
    /// Raised by additions.
    pub minor: u16,
}

impl FromStr for ContractVersion {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<ContractVersion, InvalidText> {
        let number = |digits: &str| {
            let plain = digits == "0" || !digits.starts_with(['0', '+']);
            plain.then(|| digits.parse::<u16>().ok()).flatten()
        };
        text.split_once('.')
            .and_then(|(major, minor)| Some(ContractVersion { major: number(major)?, minor: number(minor)? }))
            .ok_or_else(|| InvalidText::new(text, "a version of the contract", "use major and minor, such as \"1.0\""))
    }
}

impl fmt::Display for ContractVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// `[triggers]`: when the provider may be asked without a member asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triggers {
    /// What recipients may be doing.
    pub activity: BTreeSet<ActivityKind>,
    /// Whether it may be asked at set times.
    pub schedule: bool,
}

/// `[capabilities]`: what the provider asks to be granted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Hosts that it may call, at most 32.
    pub http: Vec<HostPattern>,
    /// Whether an operator may grant it hosts that are not in `http`, as where a setting takes addresses.
    pub further_hosts: bool,
    /// How much it may keep, at most 64 MiB.
    pub storage: Option<ByteSize>,
}

/// `[[secret]]`: filled in by the operator, added to requests by the host, never seen by the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Unique among the secrets.
    pub name: SecretName,
    /// What it is and where to get it.
    pub description: Text<300>,
    /// Where it is sent; within `capabilities.http`.
    pub host: HostPattern,
    /// Where it stands in the request.
    pub place: SecretPlace,
}

/// Where a secret stands in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// As the value of this header.
    Header(HeaderName),
    /// As the value of this parameter in the URL's query.
    Query(QueryName),
}

/// `[[example]]`: a command as a member would type it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Names a command of this manifest and fills its options in rightly.
    pub command: CommandLine,
}

/// `[limits]`: what one call may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Linear memory; 1 to 64 MiB.
    pub memory: ByteSize,
    /// Time that the provider's own code runs; 10 ms to 1 s.
    pub cpu: Duration,
    /// Time until the answer, waiting included; 100 ms to 20 s.
    pub time: Duration,
    /// Media sent as data in one answer; at most 8 MiB.
    pub media: ByteSize,
}

impl Limits {
    /// What applies where the manifest does not say.
    pub const DEFAULT: Limits = Limits {
        memory: ByteSize::mib(32),
        cpu: Duration::from_millis(100),
        time: Duration::from_secs(8),
        media: ByteSize::mib(4),
    };
    /// The least that may be asked for.
    pub const MIN: Limits = Limits {
        memory: ByteSize::mib(1),
        cpu: Duration::from_millis(10),
        time: Duration::from_millis(100),
        media: ByteSize(0),
    };
    /// The most that may be asked for.
    pub const MAX: Limits = Limits {
        memory: ByteSize::mib(64),
        cpu: Duration::from_secs(1),
        time: Duration::from_secs(20),
        media: ByteSize::mib(8),
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}

/// `[data]`: what members are told before they use the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataStatement {
    /// What is kept about members, why and for how long.
    pub stores: Text<1000>,
}
