//! What is fuzzed: one function for each door through which something comes that a stranger wrote.
//!
//! Each takes bytes, makes of them what could arrive, and panics where a promise is broken. `cargo xtask fuzz` lets
//! libFuzzer look for such bytes for minutes (`fuzz/`); this crate's tests try each target's seeds and changes of them
//! for seconds, with stable Rust. What was found once stays among the seeds (`fuzz/seeds`).
//!
//! - [`manifest`]: the text of a provider.toml
//! - [`component`]: a file that is said to be a component; [`compile`]: one that passes, and its code
//! - [`message`]: what a guest answers, on its way to Discord
//! - [`button`]: the id of a pressed button
//! - [`interaction`]: frames of the gateway and posted interactions
//! - [`url`]: what a guest asks the gate for
#![expect(clippy::indexing_slicing, reason = "a broken promise is told by a panic")]

mod button;
mod component;
mod interaction;
mod items;
mod manifest;
mod message;
mod url;

use std::process::ExitCode;

use autocontent_runtime::compile_child_main;

pub use button::button;
pub use component::{compile, component};
pub use interaction::interaction;
pub use manifest::manifest;
pub use message::message;
pub use url::url;

/// One target.
#[derive(Debug)]
pub struct Target {
    /// Its name, which is also that of its seeds' folder and of its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// What is called with each input.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 7] = [
    Target { name: "button", run: button },
    Target { name: "compile", run: compile },
    Target { name: "component", run: component },
    Target { name: "interaction", run: interaction },
    Target { name: "manifest", run: manifest },
    Target { name: "message", run: message },
    Target { name: "url", run: url },
];

/// What a program is called with to be the child that compiles, as [`compile`] calls its own program.
pub const CHILD: [&str; 3] = ["--exact", "--nocapture", "the_child_that_compiles"];

/// Compiles and returns the exit code, if this program was started as the child.
pub fn child() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let called = CHILD.iter().all(|word| arguments.next().is_some_and(|argument| argument == *word));
    let arguments: Vec<_> = arguments.collect();
    (called && !arguments.is_empty()).then(|| compile_child_main(arguments))
}
