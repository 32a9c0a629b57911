//! One build of a project, in a process of its own, so that one which is outdated can be ended with all that it started.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

/// Bytes that are kept of the beginning of a build's output, and as many of its end, where the reason stands.
const MOST_OUTPUT: usize = 128 << 10;
/// Tools are to write no colours, which nobody reads here, whatever the author's own environment says.
const PLAIN: [(&str, &str); 2] = [("CARGO_TERM_COLOR", "never"), ("NO_COLOR", "1")];
const COLOURED: [&str; 2] = ["FORCE_COLOR", "CLICOLOR_FORCE"];

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
    /// What it said; of more than 256 KiB the beginning and the end.
    pub(super) output: String,
}

impl Builder {
    /// Builds a project. Where the future is dropped, the build and all that it started are ended.
    pub(super) async fn build(&self, folder: &Path) -> std::io::Result<Finished> {
        let mut command = Command::new(&self.program);
        command.args(&self.args).arg(folder).current_dir(folder).envs(PLAIN);
        for variable in COLOURED {
            command.env_remove(variable);
        }
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

/// What is written to a pipe. All of it is read, so that nobody waits for it.
async fn text(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<String> {
    let mut kept = Kept::default();
    let Some(mut pipe) = pipe else { return Ok(kept.text()) };
    let mut piece = vec![0; 8 << 10];
    loop {
        match pipe.read(&mut piece).await? {
            0 => return Ok(kept.text()),
            count => kept.take(piece.get(..count).unwrap_or_default()),
        }
    }
}

/// The beginning and the end of an output.
#[derive(Default)]
struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// Bytes between them.
    cut: usize,
}

impl Kept {
    fn take(&mut self, bytes: &[u8]) {
        let (head, tail) = bytes.split_at(bytes.len().min(MOST_OUTPUT - self.head.len()));
        self.head.extend(head);
        self.tail.extend(tail);
        let over = self.tail.len().saturating_sub(MOST_OUTPUT);
        self.cut += over;
        self.tail.drain(..over);
    }

    /// Both as text; where something was cut, the lines around it may not be whole.
    fn text(self) -> String {
        let Kept { mut head, tail, cut } = self;
        if cut > 0 {
            head.extend(format!("\n… {} KiB cut\n", cut.div_ceil(1 << 10)).bytes());
        }
        head.extend(tail);
        String::from_utf8_lossy(&head).into_owned()
    }
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
    async fn of_output_without_end_the_beginning_and_the_end_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for filling in ["yes wrong | head -c 2000000", "head -c 2000000 /dev/zero"] {
            let script = format!("(echo first; {filling}; echo last) >&2; exit 1");
            let built = shell(&script).build(folder.path()).await.unwrap();
            assert!(built.output.starts_with("first\n") && built.output.ends_with("last\n"), "{filling}");
            assert_eq!(built.output.matches("\n… 1698 KiB cut\n").count(), 1, "{filling}");
            assert!((MOST_OUTPUT * 2..MOST_OUTPUT * 2 + 40).contains(&built.output.len()), "{}", built.output.len());
            assert!(!built.well);
        }
    }

    #[tokio::test]
    async fn tools_are_told_to_write_no_colours() {
        let folder = tempfile::tempdir().unwrap();
        let script = "echo \"$CARGO_TERM_COLOR $NO_COLOR ${FORCE_COLOR-} ${CLICOLOR_FORCE-}\" >&2";
        assert_eq!(shell(script).build(folder.path()).await.unwrap().output, "never 1  \n");
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
