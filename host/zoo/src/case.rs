//! A case as it stands in its folder: a misdeed, and how it must end.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// One misdeed.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The folder's name; also the provider's id and its command.
    pub(crate) name: String,
    /// What misbehaves.
    pub(crate) source: Source,
    /// What `expected.toml` says.
    pub(crate) expected: Expected,
}

/// What a case's misdeed is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// `guest.wat`: the parts of a core module that the prelude doesn't have.
    Wat(PathBuf),
    /// `guest.c`, which includes `provider.h`.
    C,
    /// `guest.rs`, written with the SDK.
    Rust,
    /// `component.wat`: a whole component, to which the manifest is added.
    Component(PathBuf),
    /// Bytes that a generator of this name makes.
    Bytes(String),
    /// `provider.toml` alone: the manifest is the misdeed.
    Manifest,
}

/// `expected.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Expected {
    /// Why the misdeed is bad, in one sentence.
    pub(crate) why: String,
    /// Where it must be met.
    pub(crate) stage: Stage,
    /// Name of the generator that makes the component.
    pub(crate) bytes: Option<String>,
    /// Lines of the manifest's `[limits]`.
    #[serde(default)]
    pub(crate) limits: String,
    /// Lines of the manifest's `[capabilities]`, and what follows.
    #[serde(default)]
    pub(crate) capabilities: String,
    /// How it ends.
    pub(crate) expect: Option<End>,
    /// How it ends with each of several arguments.
    #[serde(default)]
    pub(crate) ask: Vec<End>,
}

/// The step at which a misdeed must be met.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Stage {
    /// Reading the manifest.
    Manifest,
    /// Looking at the component without compiling it.
    Inspect,
    /// Compiling and linking the component.
    Install,
    /// Asking for content.
    Find,
    /// Asking what could be typed next.
    Suggest,
    /// Telling of a pressed button.
    Act,
    /// Showing the answer on Discord.
    Render,
}

/// How a misdeed must end.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct End {
    /// The command's option `how`.
    pub(crate) how: Option<String>,
    /// `refused`, `fault:NAME`, `failure:NAME` or `answer`.
    pub(crate) ends: String,
    /// What the refusal, the fault or the failure says.
    #[serde(default)]
    pub(crate) says: Vec<String>,
    /// What the member gets: the notice's code, or `post`; empty for either.
    #[serde(default)]
    pub(crate) member: String,
    /// What stands in what the member sees.
    #[serde(default)]
    pub(crate) shows: Vec<String>,
    /// What stands neither in what the member sees nor in the log.
    #[serde(default)]
    pub(crate) never: Vec<String>,
    /// What stands in the guest's answer.
    #[serde(default)]
    pub(crate) saw: Vec<String>,
    /// What doesn't stand in the guest's answer.
    #[serde(default)]
    pub(crate) never_saw: Vec<String>,
    /// What stands in the provider's log.
    #[serde(default)]
    pub(crate) logs: Vec<String>,
}

impl Case {
    /// Every case of a folder, by name.
    ///
    /// # Errors
    /// Where a case can't be read, with its name.
    pub(crate) fn all(folder: &Path) -> Result<Vec<Case>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
            names.push(entry?.path());
        }
        names.sort();
        names.iter().map(|folder| Case::read(folder).with_context(|| format!("{}", folder.display()))).collect()
    }

    fn read(folder: &Path) -> Result<Case> {
        let name = folder.file_name().context("a case needs a name")?.to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("expected.toml")).context("could not read expected.toml")?;
        let expected: Expected = toml::from_str(&text)?;
        ensure!(expected.why.ends_with('.'), "`why` is no sentence");
        ensure!(expected.expect.is_some() == expected.ask.is_empty(), "it needs either [expect] or [[ask]]");
        let has = |file: &str| Some(folder.join(file)).filter(|path| path.exists());
        let found = [
            has("guest.wat").map(Source::Wat),
            has("guest.c").map(|_| Source::C),
            has("guest.rs").map(|_| Source::Rust),
            has("component.wat").map(Source::Component),
            expected.bytes.clone().map(Source::Bytes),
        ];
        let mut found = found.into_iter().flatten();
        let source = match (found.next(), found.next()) {
            (Some(source), None) => source,
            (None, _) if has("provider.toml").is_some() => Source::Manifest,
            _ => bail!("it needs one of guest.wat, guest.c, guest.rs, component.wat, `bytes` and provider.toml"),
        };
        Ok(Case { name, source, expected })
    }

    /// How it must end, once for each argument.
    pub(crate) fn ends(&self) -> impl Iterator<Item = &End> {
        self.expected.expect.iter().chain(&self.expected.ask)
    }

    /// The language that the misdeed is written in, for the count.
    pub(crate) fn language(&self) -> &'static str {
        match self.source {
            Source::Wat(_) | Source::Component(_) => "WAT",
            Source::C => "C",
            Source::Rust => "Rust",
            Source::Bytes(_) => "bytes",
            Source::Manifest => "manifest",
        }
    }

    /// The manifest's text: the case's own, else one made from its name and what it expects.
    ///
    /// # Errors
    /// Where the case's own can't be read.
    pub(crate) fn manifest(&self, folder: &Path) -> Result<String> {
        let own = folder.join(&self.name).join("provider.toml");
        if own.exists() {
            return Ok(fs::read_to_string(own)?);
        }
        let Case { name, expected: Expected { stage, limits, capabilities, .. }, .. } = self;
        let autocomplete = *stage == Stage::Suggest;
        // Room enough for a busy machine; a case that is to run out of it says so itself.
        let limits = if limits.is_empty() { "cpu = '1s'\nmemory = '4 MiB'\nmedia = '256 KiB'" } else { limits };
        let capabilities =
            if capabilities.is_empty() { String::new() } else { format!("[capabilities]\n{capabilities}\n") };
        Ok(format!(
            r#"[provider]
id = "{name}"
name = "Misdeed"
version = "1.0.0"
description = "Misbehaves"
license = "MIT"
contract = "1.0"
kinds = ["misdeed"]

[[command]]
name = "{name}"
description = "Misbehaves"
cooldown = "0s"

[[command.option]]
name = "how"
kind = "text"
description = "In which way"
autocomplete = {autocomplete}

[limits]
{limits}

{capabilities}"#
        ))
    }
}
