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
    /// Folder of compiled components.
    pub cache: PathBuf,
}

/// Answers requests until there are no more.
///
/// # Errors
///
/// Where they can't be read, or the answers can't be written.
pub async fn serve(
    mut input: impl BufRead + Send + 'static,
    mut output: impl Write,
    tools: Tools,
) -> std::io::Result<()> {
    let mut session = Session::new(tools);
    loop {
        let line;
        (input, line) = next_line(input).await?;
        let Some(line) = line else { break };
        if line.trim().is_empty() {
            continue;
        }
        let answer = match request::read(line.trim()) {
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

/// The next line, read where waiting holds nobody up; none at the end.
async fn next_line<I: BufRead + Send + 'static>(mut input: I) -> std::io::Result<(I, Option<String>)> {
    let read = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        input.read_line(&mut line).map(|bytes| (input, (bytes > 0).then_some(line)))
    });
    read.await.map_err(std::io::Error::other)?
}
