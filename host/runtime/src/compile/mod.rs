//! Compiling components. Compiling what strangers wrote may take for ever or all memory, so it happens at install, off
//! the serving path and in a child process with bounds; what comes out is kept, and loading it later takes microseconds.
//!
//! - this module: the parent's side of the child process
//! - `child`: the child's side
//! - `cache`: where the results are kept
//! - `sealed`: the one place that turns bytes into running code

mod cache;
mod child;
mod sealed;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use autocontent_manifest::ByteSize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::time::timeout;

pub(crate) use cache::{Cache, Compiled};
pub use child::compile_child_main;

use crate::error::LoadError;
use crate::lines::printable;

/// What a child writes to standard error before it says why it refuses the component.
const REFUSED: &str = "autocontent-compile refused: ";
/// Before the number of the error, where the compiler's file can't be written.
const UNWRITTEN: &str = "autocontent-compile could not write: ";
/// What the operating system and Rust say when memory is refused.
const OUT_OF_MEMORY: [&str; 3] = ["memory allocation of", "Cannot allocate memory", "out of memory"];
/// How much of a child's standard error is read, in bytes.
const OUTPUT: u64 = 16 << 10;

/// How to start the child: a program that calls [`compile_child_main`] with the arguments that follow its own. For the
/// binary itself, its own path and the hidden subcommand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    /// Path of the program.
    pub program: PathBuf,
    /// Its arguments; two more are added.
    pub args: Vec<OsString>,
}

/// Bounds of one compilation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileLimits {
    /// The component's bytes.
    pub size: u64,
    /// Until the child is killed.
    pub time: Duration,
    /// The child's address space, in bytes; it sets this limit itself before it looks at the component.
    pub memory: u64,
}

impl Default for CompileLimits {
    /// 32 MiB, 60 s and 2 GiB. The largest providers known, in Python, have 18 MiB and take 15 s.
    fn default() -> CompileLimits {
        CompileLimits { size: 32 << 20, time: Duration::from_secs(60), memory: 2 << 30 }
    }
}

impl Compiler {
    /// Compiles the component into the file `output`.
    pub(crate) async fn run(&self, limits: &CompileLimits, component: &[u8], output: &Path) -> Result<(), LoadError> {
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .arg(output)
            .arg(limits.memory.to_string())
            // The child reads what a stranger wrote; it need not know the host's tokens.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| LoadError::Compiler { program: self.program.clone(), source })?;
        let ended = timeout(limits.time, talk(&mut child, component)).await;
        match ended {
            // Dropping the child kills it.
            Err(_elapsed) => Err(LoadError::CompileTime { limit: limits.time }),
            Ok(Err(source)) => Err(LoadError::Compiler { program: self.program.clone(), source }),
            Ok(Ok((status, said))) => verdict(status, &said, limits, output),
        }
    }
}

/// Gives the child the component and waits for its end.
async fn talk(child: &mut Child, component: &[u8]) -> std::io::Result<(ExitStatus, String)> {
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let give = async {
        if let Some(mut stdin) = stdin {
            // A child that ends early says why itself.
            let _ = stdin.write_all(component).await;
        }
    };
    let listen = async {
        let mut said = Vec::new();
        if let Some(stderr) = stderr {
            let _ = stderr.take(OUTPUT).read_to_end(&mut said).await;
        }
        said
    };
    let ((), said, status) = tokio::join!(give, listen, child.wait());
    Ok((status?, String::from_utf8_lossy(&said).into_owned()))
}

fn verdict(status: ExitStatus, said: &str, limits: &CompileLimits, output: &Path) -> Result<(), LoadError> {
    if status.success() {
        return Ok(());
    }
    if OUT_OF_MEMORY.iter().any(|sign| said.contains(sign)) {
        return Err(LoadError::CompileMemory { limit: ByteSize(limits.memory) });
    }
    if let Some((_, number)) = said.split_once(UNWRITTEN) {
        let source = std::io::Error::from_raw_os_error(number.trim().parse().unwrap_or_default());
        return Err(LoadError::Cache { path: output.parent().unwrap_or(output).to_owned(), source });
    }
    if let Some((_, reason)) = said.split_once(REFUSED) {
        return Err(LoadError::Compile { reason: printable(reason.lines().next().unwrap_or_default()) });
    }
    Err(LoadError::CompilerCrashed { status: status.to_string(), output: printable(said.trim()) })
}
