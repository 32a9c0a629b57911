//! Where long work tells how far it is, and how the languages' tools are run.

use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::WorkshopError;

/// Where long work tells how far it is, and where what the tools print is shown as it comes.
#[derive(Clone, Copy)]
pub enum Console<'a> {
    /// This process's standard error; tools find out themselves whether it is a terminal.
    Shown,
    /// A function that gets line by line.
    Told(&'a (dyn Fn(&str) + Sync)),
}

impl std::fmt::Debug for Console<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Console::Shown => "Shown",
            Console::Told(_) => "Told",
        })
    }
}

impl Console<'_> {
    /// Tells what begins now.
    pub fn tell(&self, line: &str) {
        match self {
            Console::Shown => eprintln!("{line}"),
            Console::Told(tell) => tell(line),
        }
    }

    /// Runs a tool with all that it prints shown.
    ///
    /// # Errors
    ///
    /// Where it can't be started, or fails.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), WorkshopError> {
        match self {
            Console::Shown => {
                let status = command.stdin(Stdio::null()).stdout(io::stderr()).stderr(io::stderr()).status();
                finished(command, status)
            }
            Console::Told(tell) => {
                let mut child = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
                let (output, errors) = (child.stdout.take(), child.stderr.take());
                thread::scope(|scope| {
                    scope.spawn(|| lines(output, tell));
                    lines(errors, tell);
                });
                finished(command, child.wait())
            }
        }
    }

    /// Runs a tool and returns what it wrote to standard output; the rest of what it prints is shown.
    ///
    /// # Errors
    ///
    /// As for [`Console::run`].
    pub(crate) fn output(&self, command: &mut Command) -> Result<Vec<u8>, WorkshopError> {
        let errors = match self {
            Console::Shown => Stdio::inherit(),
            Console::Told(_) => Stdio::piped(),
        };
        let mut child = start(command.stdout(Stdio::piped()).stderr(errors))?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let written = thread::scope(|scope| {
            if let Console::Told(tell) = self {
                scope.spawn(move || lines(errors, tell));
            }
            let mut written = Vec::new();
            output.map(|mut output| output.read_to_end(&mut written)).transpose().map(|_| written)
        });
        finished(command, child.wait())?;
        written.map_err(|source| WorkshopError::Start { program: program(command), source })
    }
}

/// Whether a program is there and does what it is asked to; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn start(command: &mut Command) -> Result<Child, WorkshopError> {
    let child = command.stdin(Stdio::null()).spawn();
    child.map_err(|source| WorkshopError::Start { program: program(command), source })
}

fn finished(command: &Command, status: io::Result<std::process::ExitStatus>) -> Result<(), WorkshopError> {
    let status = status.map_err(|source| WorkshopError::Start { program: program(command), source })?;
    if status.success() { Ok(()) } else { Err(WorkshopError::Tool { command: line(command), status }) }
}

fn lines(from: Option<impl Read>, tell: &(dyn Fn(&str) + Sync)) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        tell(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// The command as a person would type it, without the path to the program.
fn line(command: &Command) -> String {
    let path = std::path::Path::new(command.get_program());
    let program = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let first = command.get_args().next().map(|first| first.to_string_lossy());
    first.map_or_else(|| program.to_string(), |first| format!("{program} {first}"))
}
