//! The log goes to standard error: text on a terminal, one JSON object a line otherwise.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError, LogFormat};

/// Who reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Whoever runs a server: it logs as configured.
    Operator,
    /// Whoever waits for a command: it logs only what went wrong, as it prints the rest itself.
    Person,
    /// Nobody: the command tells an author all that a host would log, and more.
    Nobody,
}

/// Starts logging.
pub(crate) fn start(config: &Config, reader: Reader) -> Result<(), ConfigError> {
    let configured = EnvFilter::builder().parse(&config.log).map_err(|problem| ConfigError::Invalid {
        name: "log",
        problem: format!("{problem}; write a level, such as `info`, or `warn,provider=debug`"),
    })?;
    if reader == Reader::Nobody {
        return Ok(());
    }
    let server = reader == Reader::Operator;
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
