//! The harness for programs in any language: JSON lines, one request a line, one answer a line, in the same order.
//!
//! A request is an object with one key, which says what is wanted; an answer is `{"ok": …}` or `{"error": "a sentence"}`. The
//! first request is `open`; another one begins anew. docs/harness.md has all of them. The other side ends it by closing
//! standard input.
//!
//! - `request`: reading a request, strictly; `answer`: carrying it out

mod answer;
mod request;

use std::io::{BufRead, Write};
use std::path::PathBuf;

use autocontent_runtime::Compiler;
use serde_json::json;

use self::answer::Session;

/// What the harnesses of a session need of the program.
#[derive(Clone, Debug)]
pub struct Tools {
    /// How to start the child process that compiles.
    pub compiler: Compiler,
    /// Folder of compiled components; without one, the project's or the user's own.
    pub cache: Option<PathBuf>,
}

/// Answers requests until there are no more. It holds the thread while it waits for one, as there is nothing else to do.
///
/// # Errors
///
/// Where they can't be read, or the answers can't be written.
pub async fn serve(input: impl BufRead, mut output: impl Write, tools: Tools) -> std::io::Result<()> {
    let mut session = Session::new(tools);
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match request::read(&line) {
            Ok(request) => session.answer(request).await,
            Err(problem) => Err(problem),
        };
        let answer = match answer {
            Ok(answer) => json!({ "ok": answer }),
            Err(sentence) => json!({ "error": sentence }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    session.close().await;
    Ok(())
}
