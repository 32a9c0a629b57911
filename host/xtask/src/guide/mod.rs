//! The author's guide: its references are made of the contract and of the manifest's schema, and mdBook makes a site of it.

mod contract;
mod manifest;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{root, run, target};
use crate::tools;
use autocontent_pack::write_whole;

/// mdBook's version.
const MDBOOK: &str = "0.5.1";

/// Writes the references anew, and makes the site in `target/guide`.
pub(crate) fn build() -> Result<()> {
    for (path, text) in references()? {
        if write_whole(&path, text.as_bytes())? {
            eprintln!("wrote {}", shown(&path));
        }
    }
    tools::cargo_program("mdbook", MDBOOK)?;
    let site = target().join("guide");
    run(Command::new("mdbook").arg("build").arg(folder()).arg("--dest-dir").arg(&site))?;
    eprintln!("the guide begins at {}", site.join("index.html").display());
    Ok(())
}

/// Fails where a reference is not what would be written, the table of contents and the pages don't fit, or a link leads nowhere.
pub(crate) fn check() -> Result<()> {
    for (path, text) in references()? {
        if fs::read_to_string(&path).unwrap_or_default() != text {
            bail!("{} is out of date: run `cargo xtask guide`", shown(&path));
        }
    }
    let source = folder().join("src");
    let contents = fs::read_to_string(source.join("SUMMARY.md")).context("could not read the table of contents")?;
    let listed: Vec<PathBuf> = contents
        .lines()
        .filter_map(|line| line.rsplit_once("](")?.1.strip_suffix(')'))
        .map(|page| source.join(page))
        .collect();
    if let Some(missing) = listed.iter().find(|page| !page.is_file()) {
        bail!("the table of contents lists {}, which is missing", shown(missing));
    }
    let mut pages = Vec::new();
    markdown(&source, &mut pages)?;
    if let Some(lost) = pages.iter().find(|page| !page.ends_with("SUMMARY.md") && !listed.contains(page)) {
        bail!("no line of the table of contents leads to {}", shown(lost));
    }
    pages.iter().try_for_each(|page| links(page))
}

/// Fails where a link of a page leads to no other page, be it from a text that the page includes.
fn links(page: &Path) -> Result<()> {
    let folder = page.parent().context("a page lies in a folder")?;
    let text = whole(page)?;
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let file = target.split('#').next().unwrap_or_default();
        if !file.is_empty() && !file.contains("://") && !folder.join(file).is_file() {
            bail!("{} links to {target}, which is no page of the guide", shown(page));
        }
    }
    Ok(())
}

/// The text of a page without blocks of code, with the texts that it includes as they are read in its place.
fn whole(page: &Path) -> Result<String> {
    let text = fs::read_to_string(page).with_context(|| format!("could not read {}", shown(page)))?;
    let mut read = String::new();
    let mut code = false;
    for line in text.lines() {
        code ^= line.starts_with("```");
        match line.strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix("}}")) {
            _ if code => {}
            Some(included) => read.push_str(&whole(&page.with_file_name(included))?),
            None => read.push_str(line),
        }
        read.push('\n');
    }
    Ok(read)
}

/// Each generated page with its text.
fn references() -> Result<[(PathBuf, String); 2]> {
    let pages = folder().join("src/reference");
    let schema = root().join("docs/provider.schema.json");
    let schema = fs::read_to_string(&schema).with_context(|| format!("could not read {}", shown(&schema)))?;
    Ok([
        (pages.join("contract.md"), contract::page(&root().join("sdk/wit"))?),
        (pages.join("manifest.md"), manifest::page(&serde_json::from_str(&schema)?)?),
    ])
}

fn markdown(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            markdown(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

fn folder() -> PathBuf {
    root().join("docs/guide")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
