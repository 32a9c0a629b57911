//! `autocontent provider new|build|check|pack|dev`: what authors make providers with. The work is done in `autocontent-workshop`.

pub(crate) mod dev;

use std::path::{Path, PathBuf};

use crate::say::say;
use anyhow::{Result, bail};
use autocontent_manifest::ProviderId;
use autocontent_workshop::{Console, Effort, Language, Level, Packed, Project, Report};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

/// Commands of `autocontent provider`.
#[derive(Subcommand)]
pub(crate) enum AuthorCommand {
    /// Make a provider's project: a folder that builds, runs and is tested at once
    New {
        /// The provider's id, which is also its first command
        name: ProviderId,
        /// What to write it in
        #[arg(long, default_value = "rust", value_name = "LANGUAGE",
            value_parser = PossibleValuesParser::new(Language::ALL.map(Language::word)).try_map(|word| word.parse::<Language>()))]
        language: Language,
        /// The folder to make; by default one of the provider's name, here
        #[arg(long, value_name = "FOLDER")]
        path: Option<PathBuf>,
    },
    /// Build a project's component, dist/ID.wasm
    Build {
        /// The project, or a folder in it
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// Rather soon than small and fast
        #[arg(long)]
        quick: bool,
    },
    /// Report everything that is wrong with a project, a provider.toml or a component
    Check {
        /// The project's folder, the provider.toml, or the component
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Put a provider.toml into a component or core module that any tool made
    Pack {
        /// The component or core module
        file: PathBuf,
        /// The manifest; by default the provider.toml beside the file or above it
        #[arg(long, value_name = "FILE")]
        manifest: Option<PathBuf>,
        /// The file to write; by default ID.wasm here
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

pub(crate) fn run(command: AuthorCommand) -> Result<()> {
    match command {
        AuthorCommand::New { name, language, path } => new(&name, language, path),
        AuthorCommand::Build { folder, quick } => {
            let effort = if quick { Effort::Quick } else { Effort::Release };
            build(&Project::open(&folder)?, effort).map(drop)
        }
        AuthorCommand::Check { path } => check(&path),
        AuthorCommand::Pack { file, manifest, output } => pack(&file, manifest, output.as_deref()),
    }
}

fn new(name: &ProviderId, language: Language, path: Option<PathBuf>) -> Result<()> {
    let folder = path.unwrap_or_else(|| PathBuf::from(name.as_str()));
    autocontent_workshop::new(name, language, &folder)?;
    say!("made {name} in {}, in {language}; next:", folder.display());
    say!("  cd {}", folder.display());
    say!("  autocontent provider build");
    say!("  autocontent provider test");
    Ok(())
}

/// Builds the project here, as it is to be published, and returns where its component is.
pub(crate) fn build_here() -> Result<PathBuf> {
    Ok(build(&Project::open(Path::new("."))?, Effort::Release)?.component)
}

/// Builds a project and says what came of it.
fn build(project: &Project, effort: Effort) -> Result<Packed> {
    let packed = autocontent_workshop::build(project, effort, Console::Shown)?;
    tell(&packed);
    Ok(packed)
}

fn check(path: &Path) -> Result<()> {
    let Report { checked, findings } = autocontent_workshop::check(path)?;
    let (errors, advice): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.level == Level::Error);
    for advice in advice {
        say!("advice: {advice}");
    }
    if !errors.is_empty() {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        bail!("{}", errors.join("\n"));
    }
    say!("{} {} valid", checked.join(" and "), if checked.len() == 1 { "is" } else { "are" });
    Ok(())
}

fn pack(file: &Path, manifest: Option<PathBuf>, output: Option<&Path>) -> Result<()> {
    let manifest = manifest.map_or_else(|| autocontent_workshop::manifest_of(file), Ok)?;
    tell(&autocontent_workshop::pack(file, &manifest, output)?);
    Ok(())
}

fn tell(packed: &Packed) {
    let Packed { component, inspection } = packed;
    let about = &inspection.manifest.provider;
    let here = std::env::current_dir().unwrap_or_default();
    let path = component.strip_prefix(here).unwrap_or(component).display();
    say!("{} {} is in {path} ({} KB)", about.id, about.version, inspection.size.div_ceil(1_000));
}
