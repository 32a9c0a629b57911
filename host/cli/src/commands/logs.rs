//! `autocontent provider logs ID`: what a provider logged, as the database keeps it.

use std::io::{ErrorKind, Write as _};
use std::time::Duration;

use anyhow::Result;
use autocontent_manifest::ProviderId;
use autocontent_store::{LogLevel, LogLine};
use serde_json::json;

use crate::config::Config;
use crate::host;
use crate::say::say;

/// How often a follower looks for new lines. A host writes them every two seconds.
const LOOK: Duration = Duration::from_millis(500);

/// What is to be shown.
pub(crate) struct Wanted {
    pub(crate) provider: ProviderId,
    pub(crate) follow: bool,
    pub(crate) limit: u32,
    pub(crate) level: LogLevel,
    pub(crate) json: bool,
}

pub(crate) async fn run(config: &Config, wanted: &Wanted) -> Result<()> {
    let store = host::open_store(config).await?;
    let mut limit = wanted.limit;
    let mut last = 0;
    loop {
        let lines = store.log_lines(&wanted.provider, wanted.level, last, limit).await?;
        if lines.is_empty() && !wanted.follow && !wanted.json {
            say!("`{}` has logged nothing that was kept", wanted.provider);
        }
        last = lines.last().map_or(last, |line| line.position);
        if !print(&lines, wanted)? || !wanted.follow {
            break;
        }
        // From now on everything that is new.
        limit = autocontent_store::Store::LOG_LINES;
        tokio::time::sleep(LOOK).await;
    }
    store.close().await;
    Ok(())
}

/// False where nobody reads any longer.
fn print(lines: &[LogLine], wanted: &Wanted) -> Result<bool> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        let written = if wanted.json {
            let LogLine { position, at, level, line } = line;
            let object =
                json!({ "provider": wanted.provider, "position": position, "at": at, "level": level, "line": line });
            writeln!(out, "{object}")
        } else {
            // The sandbox escaped what could move a cursor or colour the screen before the line was kept.
            writeln!(out, "{}  {:5}  {}", line.at.strftime("%F %T"), line.level.as_str(), line.line)
        };
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(false),
            written => written?,
        }
    }
    Ok(true)
}
