//! One build of a project, in a process of its own, so that one which is outdated can be ended with all that it started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;

/// More of a build's output is not kept, in bytes.
const MOST_OUTPUT: usize = 256 << 10;

/// The program that builds a project, whose folder it gets as its last argument, and says on standard error what is wrong.
#[derive(Clone, Debug)]
pub struct Builder {
    /// The program.
    pub program: PathBuf,
    /// What comes before the folder.
    pub args: Vec<OsString>,
}

/// How a build ended.
#[derive(Debug)]
pub(super) struct Finished {
    /// Whether there is a component now.
    pub(super) well: bool,
    /// What it said, cut to 256 KiB.
    pub(super) output: String,
}

impl Builder {
    /// Builds a project. Where the future is dropped, the build and all that it started are ended.
    pub(super) async fn build(&self, folder: &Path) -> std::io::Result<Finished> {
        let mut command = Command::new(&self.program);
        command.args(&self.args).arg(folder).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.kill_on_drop(true).spawn()?;
        let mut group = Group(child.id());
        let stderr = child.stderr.take();
        let (output, status) = tokio::join!(text(stderr), child.wait());
        let (output, status) = (output?, status?);
        group.0 = None;
        Ok(Finished { well: status.success(), output })
    }
}

/// The processes of a build, which end with it.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0.and_then(|id| i32::try_from(id).ok()) {
            // Where it fails, they are gone already.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
}

/// What is written to a pipe, line by line, up to 256 KiB; the rest is read and dropped, so that nobody waits for it.
async fn text(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<String> {
    let mut text = String::new();
    let Some(pipe) = pipe else { return Ok(text) };
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).await? > 0 {
        if text.len() + line.len() <= MOST_OUTPUT {
            text.push_str(&String::from_utf8_lossy(&line));
        }
        line.clear();
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nix::sys::signal::kill;

    use super::*;

    fn shell(script: &str) -> Builder {
        Builder { program: "/bin/sh".into(), args: ["-c", script, "build"].map(OsString::from).into() }
    }

    #[tokio::test]
    async fn a_build_tells_whether_it_went_well_and_what_it_said() {
        let folder = tempfile::tempdir().unwrap();
        let built = shell("echo done; echo building \"$1\" >&2").build(folder.path()).await.unwrap();
        assert_eq!((built.well, built.output), (true, format!("building {}\n", folder.path().display())));
        let failed = shell("echo wrong >&2; exit 1").build(folder.path()).await.unwrap();
        assert_eq!((failed.well, failed.output.as_str()), (false, "wrong\n"));
    }

    #[tokio::test]
    async fn output_without_end_is_read_and_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let built = shell("yes wrong | head -c 2000000 >&2; exit 1").build(folder.path()).await.unwrap();
        assert!((MOST_OUTPUT - 10..=MOST_OUTPUT).contains(&built.output.len()), "{}", built.output.len());
        assert!(!built.well);
    }

    #[tokio::test]
    async fn a_build_that_is_given_up_ends_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("child");
        // The child outlives the shell, as a compiler outlives what called it.
        let building = shell("sleep 1000 & echo $! > child.new; mv child.new child; wait");
        let child = async {
            loop {
                if let Ok(id) = std::fs::read_to_string(&name) {
                    break Pid::from_raw(id.trim().parse().unwrap());
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let child = tokio::select! {
            _ = building.build(folder.path()) => panic!("it can't have ended"),
            child = child => child,
        };
        // Whoever inherited it takes note of its end in its own time.
        while kill(child, None).is_ok() && !is_zombie(child) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn is_zombie(process: Pid) -> bool {
        std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| stat.contains(") Z "))
    }
}
