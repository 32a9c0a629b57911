//! Why the playground can't be opened, or has to end.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the playground can't be opened, or has to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaygroundError {
    /// Others on the network could use it.
    #[error("the playground listens on this machine alone, not on {address}; use 127.0.0.1:{port} or [::1]:{port}", port = address.port())]
    NotLoopback {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The address can't be listened on.
    #[error(
        "could not listen on {address}: {source}; choose another address with --listen, such as 127.0.0.1:0 for any free port"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The project's files can't be watched.
    #[error("could not watch the folder {}: {problem}", folder.display())]
    Watch {
        /// The project's folder.
        folder: PathBuf,
        /// Why, and what to do where something can be done.
        problem: String,
    },
    /// The server ended by itself.
    #[error("the playground's server ended: {0}")]
    Server(io::Error),
}
