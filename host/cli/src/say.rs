//! Printing what a command has to say.
//!
//! `println!` panics where nobody reads any longer, as in `autocontent history … | head`. A command does all of its work
//! all the same, so here a closed pipe is nothing; whatever else goes wrong ends the command as failed.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write as _};

/// Prints a line, with [`println!`]'s arguments.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::say::text(format_args!("{}\n", format_args!($($words)*)))
    };
}

pub(crate) use say;

/// Prints text as it is.
pub(crate) fn text(text: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    match out.write_fmt(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("autocontent: could not print what the command has to say: {error}");
            std::process::exit(crate::FAILED.into());
        }
        _ => {}
    }
}
