//! The program `autocontent`, which runs the component.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use crate::Refused;

/// Names the program, where it isn't on PATH.
const PROGRAM: &str = "AUTOCONTENT";

/// A running program; it ends with this value.
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Ok(Value),
    Error(String),
}

impl Process {
    pub(crate) fn start(program: Option<PathBuf>) -> Result<Process, Refused> {
        let program = program.map(PathBuf::into_os_string).or_else(|| env::var_os(PROGRAM));
        let program = program.unwrap_or_else(|| OsString::from("autocontent"));
        let started =
            Command::new(&program).args(["provider", "harness"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| {
            Refused(format!(
                "could not start `{}`, which runs providers for tests: {error}; install autocontent, or name its program in the \
                 environment variable {PROGRAM}",
                program.to_string_lossy()
            ))
        })?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Refused("`autocontent` was started without a way to talk to it".to_owned()));
        };
        Ok(Process { child, input: Some(input), output: BufReader::new(output) })
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn ask(&mut self, request: &Value) -> Result<Value, Refused> {
        let sent = self.input.as_mut().map(|input| writeln!(input, "{request}").and_then(|()| input.flush()));
        let mut line = String::new();
        let read = self.output.read_line(&mut line);
        match (sent, read) {
            (Some(Ok(())), Ok(length)) if length > 0 => {}
            _ => return Err(self.ended()),
        }
        match serde_json::from_str(&line) {
            Ok(Answer::Ok(answer)) => Ok(answer),
            Ok(Answer::Error(sentence)) => Err(Refused(sentence)),
            Err(_) => Err(Refused(format!(
                "`autocontent provider harness` wrote {line:?}, which is no answer; is {PROGRAM} another program?"
            ))),
        }
    }

    fn ended(&mut self) -> Refused {
        self.input = None;
        let how = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        Refused(format!(
            "`autocontent provider harness` ended ({how}); what it said stands above. An older version has no harness: \
             `autocontent --version`"
        ))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends where there is nothing more to read.
        self.input = None;
        let _ = self.child.wait();
    }
}
