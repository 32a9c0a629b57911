//! What may go wrong between this host and a source.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use autocontent_manifest::ByteSize;
use autocontent_runtime::Digest;

/// Nothing came from a source, or could be published there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file can't be read.
    #[error("could not read {}: {source}; check the path", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// More than a component may have.
    #[error("{from} is larger than {limit}, the most that is taken; choose the file that a provider was built to")]
    TooLarge {
        /// The file or address.
        from: String,
        /// The most that is read.
        limit: ByteSize,
    },
    /// No connection, or one that broke.
    #[error("could not get {from}: {reason}; check the address and the network, and try again")]
    Unreachable {
        /// The address.
        from: String,
        /// What the operating system or TLS says.
        reason: String,
    },
    /// Too slow.
    #[error("{from} did not arrive within {limit:?}; try again later")]
    Time {
        /// The source.
        from: String,
        /// How long it may take.
        limit: Duration,
    },
    /// A redirect to where others could change the answer, or one too many.
    #[error("{from} leads to {to}, by plain http or by too many turns; use the address where the file is, with https")]
    Redirect {
        /// The address that was asked.
        from: String,
        /// Where it led.
        to: String,
    },
    /// There is no such thing.
    #[error("there is nothing at {from}; check the address")]
    Missing {
        /// The address.
        from: String,
    },
    /// The other side wants to know who asks, or refuses who does.
    #[error(
        "{from} is not for everybody; put a user and password that may have it into docker's config.json, such as `docker login` does"
    )]
    Denied {
        /// The address.
        from: String,
    },
    /// Another answer than a success.
    #[error("{from} answered with the status {status}; try again later")]
    Status {
        /// The address.
        from: String,
        /// The status, such as 503.
        status: u16,
    },
    /// Other bytes than were asked for.
    #[error(
        "{from} is not what was asked for: it is {found} instead of {expected}; it was changed or damaged, don't use it"
    )]
    WrongDigest {
        /// The source.
        from: String,
        /// What was asked for.
        expected: Digest,
        /// What came.
        found: Digest,
    },
    /// What a registry has is no component as registries keep them.
    #[error("{from} is no WebAssembly component: {reason}; publish it with `autocontent provider publish`")]
    NoArtifact {
        /// The reference.
        from: String,
        /// What it is instead.
        reason: String,
    },
    /// Something can only be published under a tag.
    #[error("{from} has a digest, which comes of what is published; name a tag only, as in oci://REGISTRY/NAME:TAG")]
    NoTag {
        /// The reference.
        from: String,
    },
    /// A registry answered what the protocol doesn't know.
    #[error("{from} did not answer as a registry does: {reason}; check the address")]
    NoRegistry {
        /// The reference.
        from: String,
        /// What is wrong with the answer.
        reason: &'static str,
    },
    /// Docker's file of credentials is there and of no use.
    #[error("{}: no user and password for {registry} could be read: {reason}", path.display())]
    Credentials {
        /// The file.
        path: PathBuf,
        /// Whom they are for.
        registry: String,
        /// What is wrong, and what to do.
        reason: &'static str,
    },
    /// TLS could not be set up.
    #[error("could not prepare to ask over the network: {reason}; check the file of certificates")]
    Client {
        /// What is wrong.
        reason: String,
    },
}
