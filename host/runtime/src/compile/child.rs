//! The child process that compiles one component and ends.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use wasmtime::Engine;

use super::{REFUSED, UNWRITTEN};
use crate::engine;

/// Compiles the component on standard input into a file, within an address space that it sets itself first.
///
/// `args` are the two that the parent adds: the file, and the bytes of address space. What goes wrong is written to
/// standard error, and the exit code is not 0.
pub fn compile_child_main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let said = match compile(args) {
        Ok((output, code)) => match std::fs::write(output, code) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => format!("{UNWRITTEN}{}", error.raw_os_error().unwrap_or_default()),
        },
        // One line, as the parent reads one.
        Err(reason) => format!("{REFUSED}{}", reason.replace('\n', ": ")),
    };
    eprintln!("{said}");
    ExitCode::FAILURE
}

/// The code, and the file that it is for.
fn compile(args: impl IntoIterator<Item = OsString>) -> Result<(PathBuf, Vec<u8>), String> {
    let (output, memory) = parse(args).ok_or("this is for the host to call, with a file and a number of bytes")?;
    // Where the host itself may have less, it stays with that.
    getrlimit(Resource::RLIMIT_AS)
        .map(|(_, hard)| memory.min(hard))
        .and_then(|memory| setrlimit(Resource::RLIMIT_AS, memory, memory))
        .map_err(|error| format!("could not limit memory: {error}"))?;
    // A crash is the parent's to report; nobody reads an image of it.
    setrlimit(Resource::RLIMIT_CORE, 0, 0).map_err(|error| format!("could not turn off core dumps: {error}"))?;
    let mut component = Vec::new();
    io::stdin().read_to_end(&mut component).map_err(|error| format!("could not read the component: {error}"))?;
    let engine = Engine::new(&engine::compiling()).map_err(|error| format!("{error:#}"))?;
    let code = engine.precompile_component(&component).map_err(|error| format!("{error:#}"))?;
    Ok((output, code))
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Option<(PathBuf, u64)> {
    let mut args = args.into_iter();
    let (output, memory) = (args.next()?, args.next()?);
    let memory = memory.to_str()?.parse().ok()?;
    args.next().is_none().then(|| (PathBuf::from(output), memory))
}
