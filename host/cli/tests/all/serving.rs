//! The program while it serves.

use std::process::{ExitStatus, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::host::PATIENCE;

/// A running `autocontent serve`. It is killed when dropped.
pub(crate) struct Serving {
    process: Child,
    /// Its log so far, one JSON object an entry.
    log: watch::Receiver<Vec<Value>>,
}

impl Serving {
    /// Starts it and waits until it serves.
    pub(crate) async fn start(command: Command) -> Serving {
        let serving = Serving::begin(command);
        serving.logged("serving").await;
        serving
    }

    /// Starts it.
    pub(crate) fn begin(mut command: Command) -> Serving {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, log) = watch::channel(Vec::new());
        tokio::spawn(read(process.stderr.take().unwrap(), sender));
        Serving { process, log }
    }

    /// Waits until it has logged so much.
    pub(crate) async fn logged_so_much(&self, entries: usize) {
        let mut log = self.log.clone();
        let enough = timeout(PATIENCE, log.wait_for(|log| log.len() >= entries)).await;
        assert!(matches!(enough, Ok(Ok(_))), "it logged less: {:#?}", *self.log.borrow());
    }

    /// Waits until this message is logged, and returns its entry.
    pub(crate) async fn logged(&self, message: &str) -> Value {
        self.logged_after(0, message).await
    }

    /// How much is logged so far.
    pub(crate) fn mark(&self) -> usize {
        self.log.borrow().len()
    }

    /// How often this message was logged so far.
    pub(crate) fn count(&self, message: &str) -> usize {
        self.log.borrow().iter().filter(|entry| entry["message"] == message).count()
    }

    /// Waits until this message is logged after a mark, and returns its entry.
    pub(crate) async fn logged_after(&self, mark: usize, message: &str) -> Value {
        self.logged_where(mark, message, |_| true).await
    }

    /// The same for an entry that is as wanted.
    pub(crate) async fn logged_where(&self, mark: usize, message: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let wanted = |entry: &&Value| entry["message"] == message && wanted(entry);
        let find = |log: &[Value]| log.iter().skip(mark).find(wanted).cloned();
        let mut log = self.log.clone();
        let found = match timeout(PATIENCE, log.wait_for(|log| find(log).is_some())).await {
            Ok(Ok(log)) => find(&log),
            _ => None,
        };
        found.unwrap_or_else(|| panic!("`{message}` was not logged: {:#?}", *self.log.borrow()))
    }

    /// Where it takes interactions by HTTP.
    pub(crate) async fn address(&self) -> String {
        self.logged("serving").await["listen"].as_str().unwrap().to_owned()
    }

    /// Ends it as nothing can be prepared for, and waits until it is gone.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        let id = self.process.id().unwrap().try_into().unwrap();
        kill(Pid::from_raw(id), Signal::SIGTERM).unwrap();
    }

    /// Waits until it has stopped; returns how, and its whole log.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Vec<Value>) {
        let status = timeout(PATIENCE, self.process.wait()).await.unwrap().unwrap();
        // The log ends with the process.
        while self.log.changed().await.is_ok() {}
        let log = self.log.borrow().clone();
        (status, log)
    }

    /// Stops it as an operator does and returns its log; it must end well.
    pub(crate) async fn stop(self) -> String {
        self.terminate();
        let (status, log) = self.ended().await;
        let log: String = log.iter().map(|entry| format!("{entry}\n")).collect();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

async fn read(stderr: ChildStderr, log: watch::Sender<Vec<Value>>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        // What is no JSON is kept as it is, for whoever looks at the log of a failed test.
        let entry = serde_json::from_str(&line).unwrap_or(Value::String(line));
        log.send_modify(|log| log.push(entry));
    }
}
