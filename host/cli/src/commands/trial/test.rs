//! `autocontent provider test`: builds a project, compares the answers to its examples with those that were kept, and runs its own
//! tests.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use autocontent_workshop::protocol::Tools;
use autocontent_workshop::{Component, Console, Effort, Keep, Project, Verdict, compiled_folder, try_examples};

use crate::host::compiler;
use crate::say::say;

/// What is tested.
#[derive(clap::Args)]
pub(crate) struct TestArguments {
    /// The project, or a folder in it
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Keep the answers as they are now
    #[arg(long)]
    update: bool,
    /// Only compare the examples; the project's own tests are not run
    #[arg(long)]
    examples: bool,
}

pub(super) async fn run(arguments: TestArguments) -> Result<ExitCode> {
    let project = Project::open(&arguments.folder)?;
    let built = autocontent_workshop::build(&project, Effort::Release, Console::Shown)?;
    let component = Component::find(&built.component)?;
    let tools = Tools { compiler: compiler()?, cache: compiled_folder() };
    // Where nobody looks at what is kept, nothing is.
    let keep = match (arguments.update, std::env::var_os("CI").is_some()) {
        (true, _) => Keep::All,
        (false, true) => Keep::Nothing,
        (false, false) => Keep::New,
    };
    let tried = try_examples(&component, project.folder(), &tools, keep).await?;
    let mut passed = true;
    for one in &tried {
        let file = one.file.strip_prefix(project.folder()).unwrap_or(&one.file).display();
        let (word, more) = match &one.verdict {
            Verdict::Same => ("same", None),
            Verdict::Kept => ("kept", Some(format!("in {file}"))),
            Verdict::Unknown => ("new", Some(format!("there is no {file} yet; keep the answer with --update"))),
            Verdict::Differs { diff } => {
                ("differs", Some(format!("{diff}if that is right, keep it with --update ({file})")))
            }
            Verdict::Failed { reason } => ("failed", Some(reason.clone())),
        };
        passed &= matches!(one.verdict, Verdict::Same | Verdict::Kept);
        say!("{word:7} {}", one.line);
        for line in more.iter().flat_map(|more| more.lines()) {
            say!("        {line}");
        }
    }
    if tried.is_empty() {
        say!("provider.toml has no [[example]]; one shows members what to type, and is tested here");
    }
    if !arguments.examples {
        passed &= own_tests(&project)?;
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the project's own tests, which find this program by a variable. Whether they passed.
fn own_tests(project: &Project) -> Result<bool> {
    let language = project.language();
    let Some(mut command) = language.tests(project, Console::Shown)? else { return Ok(true) };
    let program = std::env::current_exe().context("could not find this program's own file")?;
    let name = Path::new(command.get_program()).display().to_string();
    let status = command.env("AUTOCONTENT", program).status();
    let status = status
        .with_context(|| format!("could not start `{name}`, which runs the tests of a provider in {language}"))?;
    Ok(status.success() || language.found_no_tests(status))
}
