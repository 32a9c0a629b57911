//! How far a transfer is, on a terminal.

use std::io::IsTerminal as _;
use std::sync::Mutex;

use autocontent_manifest::ByteSize;
use autocontent_sources::Progress;

/// Between two looks, in bytes, where nobody knows how much will come.
const STEP: u64 = 256 << 10;

/// Shows it in one line, which is gone at the end. Where nobody looks, nothing is written.
pub(super) fn shown() -> impl Fn(Progress) + Send + Sync + 'static {
    let watched = std::io::stderr().is_terminal();
    let last = Mutex::new(u64::MAX);
    move |progress| {
        if !watched {
            return;
        }
        let Progress { received, total } = progress;
        let mark = match total {
            Some(total) => received.saturating_mul(100).checked_div(total).unwrap_or(100),
            None => received / STEP,
        };
        let Ok(mut last) = last.lock() else { return };
        if std::mem::replace(&mut *last, mark) == mark {
            return;
        }
        match total {
            Some(total) if received >= total => eprint!("\r\x1b[K"),
            Some(total) => eprint!("\r\x1b[K{mark} % of {}", ByteSize(total)),
            None => eprint!("\r\x1b[K{} KiB", received >> 10),
        }
    }
}
