//! JavaScript and TypeScript: npm brings what the SDK and the author need, and the SDK's own build makes a component of the
//! file that package.json calls "main".

mod types;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::Language;
use crate::console::succeeds;
use crate::project::read_text;
use crate::{Console, Project, WorkshopError};

/// The first version of node that has all that the SDK's build uses, and is still looked after.
const NODE: u32 = 20;

const NPM: &str = "npm";

/// Makes sure that there are node and npm, and that what package.json names is installed as the SDK needs it now.
pub(super) fn tools(project: &Project, console: Console<'_>) -> Result<(), WorkshopError> {
    check_node()?;
    if !succeeds(Command::new(NPM).arg("--version")) {
        return Err(missing("npm", "is not on PATH", "install it: it comes with node from https://nodejs.org"));
    }
    let wanted = wanted_packages(project)?;
    let stamp = project.sdk_folder().with_file_name("npm-installed");
    if project.folder().join("node_modules").is_dir() && fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    console.tell("installing what package.json names");
    let mut install = Command::new(NPM);
    // Nothing that goes into a component is compiled on the way, so no package has to run anything of its own.
    install.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    console.run(install.current_dir(project.folder()))?;
    // npm may have added what it chose to package-lock.json.
    let installed = wanted_packages(project)?;
    fs::write(&stamp, installed).map_err(|source| WorkshopError::Write { path: stamp, source })
}

/// Writes the types of provider.toml for editors, and makes the component.
pub(super) fn build(project: &Project, console: Console<'_>) -> Result<PathBuf, WorkshopError> {
    write_types(project)?;
    let component = project.sdk_folder().with_file_name("build").join("provider.wasm");
    let mut node = Command::new("node");
    node.arg(project.sdk_folder().join("javascript").join("build.mjs")).arg(&component).current_dir(project.folder());
    console.run(&mut node)?;
    Ok(component)
}

/// `npm test`, which passes where package.json has no script `test`.
pub(super) fn tests(project: &Project, console: Console<'_>) -> Result<Command, WorkshopError> {
    tools(project, console)?;
    let mut command = Command::new(NPM);
    command.args(["--silent", "--if-present", "test"]).current_dir(project.folder());
    Ok(command)
}

/// Writes them only where they changed, so that no editor reads them anew for nothing.
fn write_types(project: &Project) -> Result<(), WorkshopError> {
    let (manifest, _) = project.manifest()?;
    let types = types::of(&manifest);
    let path = project.sdk_folder().with_file_name("types").join("provider.d.ts");
    if fs::read_to_string(&path).is_ok_and(|before| before == types) {
        return Ok(());
    }
    crate::sdk::write(&path, types.as_bytes()).map_err(|source| WorkshopError::Write { path, source })
}

/// What decides which packages there must be.
fn wanted_packages(project: &Project) -> Result<String, WorkshopError> {
    let own = read_text(&project.folder().join("package.json"))?;
    let sdk = read_text(&project.sdk_folder().join("javascript").join("package.json"))?;
    let lock = fs::read_to_string(project.folder().join("package-lock.json")).unwrap_or_default();
    Ok([own, sdk, lock].join("\n"))
}

fn check_node() -> Result<(), WorkshopError> {
    const REMEDY: &str = "install node 20 or later from https://nodejs.org, open a new terminal and try again";

    let Ok(output) = Command::new("node").arg("--version").output() else {
        return Err(missing("node", "is not on PATH", REMEDY));
    };
    let version = String::from_utf8_lossy(&output.stdout);
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= NODE) {
        return Ok(());
    }
    Err(missing("node", &format!("is of version {} here", version.trim()), REMEDY))
}

fn missing(tool: &'static str, problem: &str, remedy: &str) -> WorkshopError {
    WorkshopError::MissingTool {
        language: Language::JavaScript,
        tool,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}
