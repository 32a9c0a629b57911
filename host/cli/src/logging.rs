//! The log goes to standard error: text on a terminal, one JSON object a line otherwise.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError, LogFormat};

/// Starts logging. A server logs as configured; a command that a person waits for logs only what went wrong, as the
/// command itself prints the rest.
pub(crate) fn start(config: &Config, server: bool) -> Result<(), ConfigError> {
    let configured = EnvFilter::builder().parse(&config.log).map_err(|problem| ConfigError::Invalid {
        name: "log",
        problem: format!("{problem}; write a level, such as `info`, or `warn,provider=debug`"),
    })?;
    let filter = if server { configured } else { EnvFilter::new("error") };
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => server && !std::io::stderr().is_terminal(),
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        log.json().flatten_event(true).init();
    } else {
        log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init();
    }
    Ok(())
}
