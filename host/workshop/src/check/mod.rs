//! All that is wrong with a manifest, a component or a project, at once.
//!
//! - `agreement`: what manifest and component must agree on
//! - `place`: where a key stands in provider.toml

mod agreement;
mod place;

use std::fmt;
use std::path::{Path, PathBuf};

use autocontent_manifest::{Manifest, ManifestErrors};
use autocontent_runtime::{LoadError, Survey, survey};

use crate::project::{read, read_text, root};
use crate::{Language, Project, WorkshopError};

pub use place::Place;

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The files, as they were named or from the project's folder on.
    pub checked: Vec<String>,
    /// In the order of the files, and of what stands in them.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing is wrong. Advice may be there.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.level == Level::Advice)
    }

    fn errors(&mut self, file: &str, errors: &ManifestErrors) {
        self.findings.extend(errors.iter().map(|error| {
            let key = if error.key.is_empty() { String::new() } else { format!("{}: ", error.key) };
            Finding {
                level: Level::Error,
                file: file.to_owned(),
                place: Some(Place { line: error.line, column: error.column }),
                text: format!("{key}{}; {}", error.problem, error.allowed),
            }
        }));
    }

    fn refusals<'a>(&mut self, file: &str, refusals: impl IntoIterator<Item = &'a LoadError>) {
        for refusal in refusals {
            match refusal {
                LoadError::Manifest(errors) => self.errors(&format!("{file}: {}", Project::MANIFEST), errors),
                // `agreement` says it too, with its place.
                LoadError::NoSuggestions { .. } => {}
                refusal => self.add(Level::Error, file, refusal.to_string()),
            }
        }
    }

    fn add(&mut self, level: Level, file: &str, text: impl Into<String>) {
        self.findings.push(Finding { level, file: file.to_owned(), place: None, text: text.into() });
    }
}

/// One thing that is wrong, or could be better. Shown as `provider.toml:14:8: what is wrong; what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// The file that it is in.
    pub file: String,
    /// Where in the file, if it is a text.
    pub place: Option<Place>,
    /// What is wrong and what to do.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(Place { line, column }) => write!(formatter, "{}:{line}:{column}: {}", self.file, self.text),
            None => write!(formatter, "{}: {}", self.file, self.text),
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Hosts refuse it, or a part of it can never work.
    Error,
    /// It works, and could be better.
    Advice,
}

/// Checks a folder of a project, a provider.toml (any file that ends in `.toml`), or a component.
///
/// Of a project the built component is checked against provider.toml as it stands now. What is not built yet is no error.
///
/// # Errors
///
/// Where there is nothing to check, or it can't be read.
pub fn check(path: &Path) -> Result<Report, WorkshopError> {
    if path.is_dir() {
        check_project(&root(path)?)
    } else if path.extension().is_some_and(|extension| extension == "toml") {
        check_manifest(path)
    } else {
        check_component(path)
    }
}

fn check_manifest(file: &Path) -> Result<Report, WorkshopError> {
    let name = file.display().to_string();
    let mut report = Report::default();
    match Manifest::parse(&read_text(file)?) {
        Ok(_) => {}
        Err(errors) => report.errors(&name, &errors),
    }
    report.checked.push(name);
    Ok(report)
}

fn check_component(file: &Path) -> Result<Report, WorkshopError> {
    let name = file.display().to_string();
    let component = survey(&read(file)?);
    let mut report = Report::default();
    report.refusals(&name, &component.refusals);
    if let Survey { manifest: Some(manifest), manifest_text: Some(text), .. } = &component {
        let manifest_name = format!("{name}: {}", Project::MANIFEST);
        report.findings.extend(agreement::check(manifest, text, &component, &manifest_name, &name));
    }
    report.checked.push(name);
    Ok(report)
}

fn check_project(folder: &Path) -> Result<Report, WorkshopError> {
    let text = read_text(&folder.join(Project::MANIFEST))?;
    let mut report = Report { checked: vec![Project::MANIFEST.to_owned()], findings: Vec::new() };
    let manifest = Manifest::parse(&text).map_err(|errors| report.errors(Project::MANIFEST, &errors)).ok();
    if manifest.as_ref().is_some_and(|manifest| manifest.examples.is_empty()) {
        let advice = "there is no [[example]]; with one, hosts try a new version before it serves, and so does `autocontent provider test`";
        report.add(Level::Advice, Project::MANIFEST, advice);
    }
    let Some(file) = built(folder, manifest.as_ref()) else {
        report.add(Level::Advice, "dist", "nothing is built yet; `autocontent provider build` does");
        return Ok(report);
    };
    let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
    let bytes = read(&file)?;
    let component = survey(&bytes);
    let up_to_date = component.manifest_text.as_deref() == Some(text.as_str());
    if !up_to_date && manifest.is_some() {
        let stale = "it was built with another provider.toml; build it again with `autocontent provider build`";
        report.add(Level::Error, &name, stale);
    }
    // The manifest inside was either found wrong above, or is another one.
    let others = component.refusals.iter().filter(|refusal| !matches!(refusal, LoadError::Manifest(_)));
    report.refusals(&name, others);
    if let Some(manifest) = &manifest {
        report.findings.extend(agreement::check(manifest, &text, &component, Project::MANIFEST, &name));
    }
    if Language::of(folder).is_some_and(is_small) && bytes.len() > LARGE {
        report.add(Level::Advice, &name, large(bytes.len()));
    }
    report.checked.push(name);
    Ok(report)
}

/// The component that was built: the one of the manifest's id, or, where that can't be read, the only one that is there.
fn built(folder: &Path, manifest: Option<&Manifest>) -> Option<PathBuf> {
    let built = folder.join(Project::BUILT);
    if let Some(manifest) = manifest {
        return Some(built.join(format!("{}.wasm", manifest.provider.id))).filter(|file| file.is_file());
    }
    let files = built.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let mut components = files.filter(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    components.next().filter(|_| components.next().is_none())
}

/// Bytes of a component that needs no interpreter inside, from which on something is odd.
const LARGE: usize = 1_000_000;

/// Whether the language's components have no interpreter inside.
fn is_small(language: Language) -> bool {
    matches!(language, Language::Rust | Language::C)
}

fn large(size: usize) -> String {
    format!(
        "it has {} KB, and most need a tenth of that: every call maps it; see that it is built for size and stripped, and which library is so large",
        size.div_ceil(1000)
    )
}
