//! Python: componentize-py makes a component of the author's modules, the SDK and a whole CPython.
//!
//! Everything is in the project's `.autocontent/`: a virtual environment with the tools, the author's dependencies, and
//! what is generated from provider.toml.

mod commands;

pub(super) use commands::class_name;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use autocontent_manifest::Manifest;
use serde::Deserialize;

use super::{Language, autocompleted};
use crate::console::succeeds;
use crate::project::read_text;
use crate::{Console, Project, WorkshopError};

/// What makes the component. Another version may bring another Python, so it is raised on purpose only.
const COMPONENTIZE: &str = "componentize-py==0.25.1";
/// The version of Python that it brings.
const PYTHON: &str = "3.14";
/// What runs a project's tests.
const PYTEST: &str = "pytest==9.2.0";
/// pytest's exit code where it found no test.
pub(super) const NO_TESTS: i32 = 5;
/// The oldest Python that runs the tools, and its version as a check.
const OLDEST: (&str, &str) = ("3.10", "import sys; sys.exit(sys.version_info < (3, 10))");
/// Where the author's modules are; `main.py` is the first.
const SOURCES: &str = "src";
/// The module of the SDK that has the component's exports.
const APP: &str = "autocontent._component.app";

/// Makes sure that there is Python, and the tools in the project's own environment.
pub(super) fn tools(project: &Project, console: Console<'_>) -> Result<(), WorkshopError> {
    install(project, COMPONENTIZE, console)
}

/// Generates, checks and componentizes, and returns the component.
pub(super) fn build(project: &Project, console: Console<'_>) -> Result<PathBuf, WorkshopError> {
    let (manifest, _) = project.manifest()?;
    generate(project, &manifest)?;
    let dependencies = dependencies(project, console)?;
    let world = world(&functions(project, console)?, &manifest)?;
    let component = own(project).join("build").join("provider.wasm");
    make_folder(component.parent())?;
    let mut command = program(project, "componentize.py");
    command
        .args(["-q", "-w", world, "-d"])
        .arg(project.sdk_folder().join("wit"))
        .args(["componentize", "--stub-wasi", "-p", SOURCES, "-p"])
        .arg(generated(project));
    if let Some(dependencies) = dependencies {
        command.arg("-p").arg(dependencies);
    }
    command.arg("-p").arg(project.sdk_folder().join("python")).arg("-o").arg(&component).arg(APP);
    console.run(&mut command)?;
    Ok(component)
}

/// pytest, in the project's own environment.
pub(super) fn tests(project: &Project, console: Console<'_>) -> Result<Command, WorkshopError> {
    install(project, PYTEST, console)?;
    let mut command = python(project);
    command.args(["-m", "pytest"]);
    Ok(command)
}

/// Installs a package into the project's environment, which is made where it is missing or its Python is gone.
fn install(project: &Project, package: &str, console: Console<'_>) -> Result<(), WorkshopError> {
    let environment = own(project).join("venv");
    let note = environment.join("installed").join(package);
    let is_whole = succeeds(python(project).args(["-c", ""]));
    if is_whole && note.is_file() {
        return Ok(());
    }
    if !is_whole {
        let system = system_python()?;
        console.tell("making an environment for Python's tools, once");
        let mut venv = Command::new(system);
        venv.args(["-m", "venv", "--clear"]).arg(&environment);
        if console.run(&mut venv).is_err() || !succeeds(python(project).args(["-m", "pip", "--version"])) {
            let remedy = "install that module (Debian: `apt-get install python3-venv`)";
            return Err(missing("Python's module venv", "can't make an environment here", remedy));
        }
    }
    console.tell(&format!("installing {package} into .autocontent/venv, once"));
    console.run(python(project).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]))?;
    make_folder(note.parent())?;
    write(&note, "")
}

/// A Python that is new enough.
fn system_python() -> Result<&'static str, WorkshopError> {
    let remedy = "install it from https://www.python.org or your system's packages (Debian: `apt-get install python3 python3-venv`)";
    let mut problem = "is not on PATH".to_owned();
    for name in ["python3", "python"] {
        if succeeds(Command::new(name).args(["-c", OLDEST.1])) {
            return Ok(name);
        }
        if succeeds(Command::new(name).arg("--version")) {
            problem = format!("is older than {} here", OLDEST.0);
        }
    }
    Err(missing("Python", &problem, remedy))
}

/// Writes the module of provider.toml.
fn generate(project: &Project, manifest: &Manifest) -> Result<(), WorkshopError> {
    let folder = generated(project);
    make_folder(Some(&folder))?;
    let (file, module) = (folder.join("provider_toml.py"), commands::module(manifest));
    // Left alone where it is the same, so that nobody who watches the folder is woken.
    if fs::read_to_string(&file).is_ok_and(|before| before == module) {
        return Ok(());
    }
    write(&file, &module)
}

/// What pyproject.toml says, as far as it matters here.
#[derive(Default, Deserialize)]
struct PyProject {
    #[serde(default)]
    project: ProjectTable,
}

#[derive(Default, Deserialize)]
struct ProjectTable {
    #[serde(default)]
    dependencies: Vec<String>,
}

/// The folder of what pyproject.toml depends on, if it does on anything.
fn dependencies(project: &Project, console: Console<'_>) -> Result<Option<PathBuf>, WorkshopError> {
    let file = project.folder().join("pyproject.toml");
    let parsed: PyProject = toml::from_str(&read_text(&file)?)
        .map_err(|error| WorkshopError::Setup { path: file, reason: error.to_string() })?;
    let wanted = parsed.project.dependencies;
    if wanted.is_empty() {
        return Ok(None);
    }
    let folder = own(project).join("dependencies");
    let (note, list) = (folder.join("installed"), format!("Python {PYTHON}\n{}", wanted.join("\n")));
    if fs::read_to_string(&note).is_ok_and(|installed| installed == list) {
        return Ok(Some(folder));
    }
    console.tell("installing the dependencies of pyproject.toml");
    match fs::remove_dir_all(&folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            return Err(WorkshopError::Write { path: folder, source });
        }
        _ => {}
    }
    // A component has no place for machine code: only what is Python through and through.
    let installed = console.run(
        python(project)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"])
            .args(["--only-binary=:all:", "--platform", "any", "--implementation", "py", "--abi", "none"])
            .args(["--python-version", PYTHON, "--target"])
            .arg(&folder)
            .args(&wanted),
    );
    if installed.is_err() {
        let reason = format!(
            "one of the dependencies could not be installed; the reason stands above. A provider can only use packages that are Python alone, as wheels for {PYTHON} or any version"
        );
        return Err(WorkshopError::Setup { path: project.folder().join("pyproject.toml"), reason });
    }
    write(&note, &list)?;
    Ok(Some(folder))
}

/// What check.py says of the sources.
#[derive(Deserialize)]
struct Checked {
    functions: Vec<String>,
}

/// Which of the contract's functions the author defines.
fn functions(project: &Project, console: Console<'_>) -> Result<Vec<String>, WorkshopError> {
    let answer = console.output(program(project, "check.py").arg(SOURCES))?;
    let checked: Checked = serde_json::from_slice(&answer).map_err(|error| WorkshopError::Setup {
        path: project.sdk_folder().join("python"),
        reason: format!("its check.py answered with something else than JSON: {error}"),
    })?;
    Ok(checked.functions)
}

/// The world of the contract that has these functions.
fn world(functions: &[String], manifest: &Manifest) -> Result<&'static str, WorkshopError> {
    let has = |name: &str| functions.iter().any(|function| function == name);
    let lacks = |function: &str, why: String| {
        let place = "src/main.py".to_owned();
        Err(WorkshopError::MissingFunction { place, function: function.to_owned(), why })
    };
    if !has("find") {
        return lacks("def find(request)", "every provider answers its commands there".to_owned());
    }
    match (has("suggest"), autocompleted(manifest)) {
        (false, Some(why)) => lacks("def suggest(partial)", why),
        (suggests, _) => Ok(match (suggests, has("act")) {
            (false, false) => "provider",
            (true, false) => "suggesting-provider",
            (false, true) => "acting-provider",
            (true, true) => "interactive-provider",
        }),
    }
}

/// One of the SDK's programs, to be run in the project.
fn program(project: &Project, name: &str) -> Command {
    let mut command = python(project);
    // An environment that the author works in is none of the component's business.
    command.env_remove("VIRTUAL_ENV").env_remove("PYTHONPATH");
    command.arg(project.sdk_folder().join("python/autocontent/_build").join(name));
    command
}

/// The Python of the project's environment, to be run in the project.
fn python(project: &Project) -> Command {
    let mut command = Command::new(own(project).join("venv/bin/python"));
    command.current_dir(project.folder());
    command
}

fn own(project: &Project) -> PathBuf {
    project.folder().join(".autocontent")
}

fn generated(project: &Project) -> PathBuf {
    own(project).join("generated")
}

fn make_folder(folder: Option<&Path>) -> Result<(), WorkshopError> {
    let Some(folder) = folder else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|source| WorkshopError::Write { path: folder.to_owned(), source })
}

fn write(path: &Path, text: &str) -> Result<(), WorkshopError> {
    fs::write(path, text).map_err(|source| WorkshopError::Write { path: path.to_owned(), source })
}

fn missing(tool: &'static str, problem: &str, remedy: &str) -> WorkshopError {
    let (problem, remedy) = (problem.to_owned(), remedy.to_owned());
    WorkshopError::MissingTool { language: Language::Python, tool, problem, remedy }
}
