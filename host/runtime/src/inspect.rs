//! Looking at a component without running or compiling it: what it is, what it wants, what it says about itself.
//!
//! The bytes come from anybody, so everything is bounded before it is read, and only the outermost component is read in
//! detail. Whether the code inside is valid is for the compiler to say, in its own process.

use autocontent_manifest::Manifest;
use serde::{Deserialize, Serialize};
use wasmparser::{Chunk, ComponentExternalKind, ComponentTypeRef, Encoding, Parser, Payload};

use crate::compile::CompileLimits;
use crate::contract::{IMPORTS, PACKAGE, VERSION};
use crate::digest::Digest;
use crate::error::LoadError;
use crate::lines::printable;

/// Components inside of components. Tools make one or two levels.
const DEPTH: usize = 8;
/// Sections of all components together. A Rust provider has some 300.
const SECTIONS: usize = 20_000;
/// Imports and exports of the outermost component. The contract has seven and three.
const NAMES: usize = 100;

/// What a component is, as far as can be told without compiling it.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// What it says about itself.
    pub manifest: Manifest,
    /// The same as it was written.
    pub manifest_text: String,
    /// The interfaces it imports, all of them the contract's, in its own order.
    pub imports: Vec<String>,
    /// Which of the optional interfaces it exports.
    pub exports: Exports,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// The optional interfaces that a component exports. `content` it always does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exports {
    /// It suggests choices while a member types.
    pub suggestions: bool,
    /// It answers buttons.
    pub actions: bool,
}

/// Looks at a component of at most 32 MiB without running or compiling it.
///
/// # Errors
/// Where it is no component, is damaged, carries no valid manifest, imports something else than the contract or does
/// not export what it must.
pub fn inspect(component: &[u8]) -> Result<Inspection, LoadError> {
    inspect_within(component, CompileLimits::default().size)
}

/// [`inspect`] with another bound on the size, in bytes.
pub(crate) fn inspect_within(component: &[u8], limit: u64) -> Result<Inspection, LoadError> {
    let Survey { manifest, manifest_text, imports, exports, refusals } = survey_within(component, limit);
    if let Some(refusal) = refusals.into_iter().next() {
        return Err(refusal);
    }
    Ok(Inspection {
        manifest: manifest.ok_or(LoadError::NoManifest)?,
        manifest_text: manifest_text.ok_or(LoadError::NoManifest)?,
        imports,
        exports,
        size: component.len() as u64,
        digest: Digest::of(component),
    })
}

/// What can be told of a component, and all for which [`inspect`] refuses it, which tells the first only. For authors, who
/// want to put everything right at once.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Survey {
    /// What it says about itself, where that can be read.
    pub manifest: Option<Manifest>,
    /// The same as it was written, right or wrong.
    pub manifest_text: Option<String>,
    /// What it imports, the contract's or not, in its own order.
    pub imports: Vec<String>,
    /// Which of the optional interfaces it exports.
    pub exports: Exports,
    /// Why it is refused; none where it isn't.
    pub refusals: Vec<LoadError>,
}

/// Looks at a component like [`inspect`], and goes on after what is wrong as far as possible.
pub fn survey(component: &[u8]) -> Survey {
    survey_within(component, CompileLimits::default().size)
}

fn survey_within(component: &[u8], limit: u64) -> Survey {
    let size = component.len() as u64;
    let surface = if size > limit { Err(LoadError::TooLarge { size, limit }) } else { Surface::read(component) };
    match surface {
        Ok(surface) => surface.survey(),
        Err(refusal) => Survey { refusals: vec![refusal], ..Survey::default() },
    }
}

/// What the outermost component shows.
#[derive(Default)]
struct Surface<'a> {
    imports: Vec<Name<'a>>,
    exports: Vec<Name<'a>>,
    manifest: Option<&'a str>,
}

/// An import or export.
struct Name<'a> {
    name: &'a str,
    instance: bool,
}

impl<'a> Surface<'a> {
    fn read(component: &'a [u8]) -> Result<Surface<'a>, LoadError> {
        check_beginning(component)?;
        let mut surface = Surface::default();
        let mut sections = 0;
        // The parsers of the components around the one that is being read.
        let mut around = Vec::new();
        let mut parser = Parser::new(0);
        let mut rest = component;
        loop {
            // Only the outermost component may end where the bytes do without having said so.
            let chunk = parser.parse(rest, rest.is_empty() && around.is_empty()).map_err(malformed)?;
            let Chunk::Parsed { consumed, payload } = chunk else {
                return Err(LoadError::Truncated { size: component.len() });
            };
            rest = rest.get(consumed..).unwrap_or_default();
            sections += 1;
            if sections > SECTIONS {
                return Err(LoadError::TooComplex { what: "sections", limit: SECTIONS });
            }
            match payload {
                Payload::Version { encoding: Encoding::Module, .. } => return Err(LoadError::CoreModule),
                // Core modules are the compiler's business.
                Payload::ModuleSection { unchecked_range, .. } => {
                    let inside = unchecked_range.end.saturating_sub(unchecked_range.start);
                    rest = rest.get(inside..).ok_or(LoadError::Truncated { size: component.len() })?;
                }
                Payload::ComponentSection { parser: inner, .. } => {
                    around.push(std::mem::replace(&mut parser, inner));
                    if around.len() > DEPTH {
                        return Err(LoadError::TooComplex { what: "components inside of each other", limit: DEPTH });
                    }
                }
                Payload::End(_) => match around.pop() {
                    Some(outer) => parser = outer,
                    None => return Ok(surface),
                },
                payload if around.is_empty() => surface.note(payload)?,
                _ => {}
            }
        }
    }

    /// Takes what concerns the outside from one of the outermost sections.
    fn note(&mut self, payload: Payload<'a>) -> Result<(), LoadError> {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    let import = import.map_err(malformed)?;
                    let instance = matches!(import.ty, ComponentTypeRef::Instance(_));
                    push(&mut self.imports, Name { name: import.name.name, instance }, "imports")?;
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export.map_err(malformed)?;
                    let instance = export.kind == ComponentExternalKind::Instance;
                    push(&mut self.exports, Name { name: export.name.name, instance }, "exports")?;
                }
            }
            Payload::CustomSection(section) if section.name() == Manifest::SECTION => {
                if self.manifest.is_some() {
                    return Err(LoadError::TwoManifests);
                }
                let size = section.data().len();
                if size > Manifest::TEXT_MAX {
                    return Err(LoadError::ManifestTooLong { size, limit: Manifest::TEXT_MAX });
                }
                let text = str::from_utf8(section.data()).map_err(|_| LoadError::ManifestNotUtf8)?;
                self.manifest = Some(text);
            }
            _ => {}
        }
        Ok(())
    }

    /// Judges what is there: its imports, its exports, its manifest, and how they go together.
    fn survey(self) -> Survey {
        let mut refusals: Vec<LoadError> =
            self.imports.iter().filter_map(|import| check_import(import).err()).collect();
        let exports = self.exports().map_err(|refusal| refusals.push(refusal)).ok();
        let manifest = self.manifest.ok_or(LoadError::NoManifest).and_then(|text| Ok(Manifest::parse(text)?));
        let manifest = manifest.map_err(|refusal| refusals.push(refusal)).ok();
        if let (Some(manifest), Some(Exports { suggestions: false, .. })) = (&manifest, exports) {
            refusals.extend(check_suggestions(manifest).err());
        }
        Survey {
            manifest,
            manifest_text: self.manifest.map(str::to_owned),
            imports: self.imports.into_iter().map(|import| import.name.to_owned()).collect(),
            exports: exports.unwrap_or_default(),
            refusals,
        }
    }

    fn exports(&self) -> Result<Exports, LoadError> {
        let mut content = false;
        let mut exports = Exports::default();
        for export in self.exports.iter().filter(|export| export.instance) {
            let Some(interface) = Interface::of(export.name) else { continue };
            let found = match interface.name {
                "content" => &mut content,
                "suggestions" => &mut exports.suggestions,
                "actions" => &mut exports.actions,
                _ => continue,
            };
            if !interface.spoken() {
                return Err(LoadError::ContractVersion { name: printable(export.name) });
            }
            *found = true;
        }
        if content { Ok(exports) } else { Err(LoadError::NoContent) }
    }
}

/// `autocontent:provider/NAME@VERSION`, taken apart.
struct Interface<'a> {
    name: &'a str,
    version: &'a str,
}

impl<'a> Interface<'a> {
    fn of(name: &'a str) -> Option<Interface<'a>> {
        let (name, version) = name.strip_prefix(PACKAGE)?.split_once('@')?;
        Some(Interface { name, version })
    }

    /// Whether this host speaks the version: the same major and minor, and any patch.
    fn spoken(&self) -> bool {
        let mut parts = self.version.splitn(3, '.').map(|part| part.parse::<u64>().ok());
        let (major, minor, patch) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
        (major, minor) == (Some(VERSION.0), Some(VERSION.1)) && patch.is_some()
    }
}

/// Tells apart what people mistake for components, by the first bytes.
fn check_beginning(bytes: &[u8]) -> Result<(), LoadError> {
    const MAGIC: &[u8] = b"\0asm";
    if bytes.is_empty() {
        return Err(LoadError::Empty);
    }
    if bytes.starts_with(MAGIC) {
        return Ok(());
    }
    if MAGIC.starts_with(bytes) {
        return Err(LoadError::Truncated { size: bytes.len() });
    }
    let text = bytes.trim_ascii_start();
    let text = text.starts_with(b"(module") || text.starts_with(b"(component") || text.starts_with(b";;");
    Err(if text { LoadError::Text } else { LoadError::NotWasm })
}

fn check_import(import: &Name<'_>) -> Result<(), LoadError> {
    let refused = |advice| Err(LoadError::Import { name: printable(import.name), advice });
    if import.name.starts_with("wasi:") {
        return refused(
            "build it with `autocontent provider build`, whose components have no WASI in any language, or for a target \
             without WASI, such as Rust's wasm32-unknown-unknown",
        );
    }
    let Some(interface) = Interface::of(import.name) else {
        return refused(
            "a provider may import nothing but `autocontent:provider`; take that out, or use what the contract has",
        );
    };
    if !interface.spoken() {
        return Err(LoadError::ContractVersion { name: printable(import.name) });
    }
    if !import.instance || !IMPORTS.contains(&interface.name) {
        return refused("use only what the contract's provider.wit has in its world `imports`");
    }
    Ok(())
}

/// An option can't be completed by a component that has no suggestions.
fn check_suggestions(manifest: &Manifest) -> Result<(), LoadError> {
    for invocation in manifest.commands.iter().flat_map(autocontent_manifest::Command::invocations) {
        if let Some(option) = invocation.options().iter().find(|option| option.kind.autocomplete()) {
            return Err(LoadError::NoSuggestions { command: invocation.full_name(), option: option.name.to_string() });
        }
    }
    Ok(())
}

fn push<'a>(names: &mut Vec<Name<'a>>, name: Name<'a>, what: &'static str) -> Result<(), LoadError> {
    if names.len() == NAMES {
        return Err(LoadError::TooComplex { what, limit: NAMES });
    }
    names.push(name);
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn malformed(error: wasmparser::BinaryReaderError) -> LoadError {
    LoadError::Malformed { offset: error.offset(), reason: error.message().to_owned() }
}
