//! What can go wrong before a provider is ready.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use autocontent_manifest::{ByteSize, ManifestErrors};

use crate::contract::VERSION;
use crate::digest::Digest;

/// The sandbox can't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuntimeError {
    /// wasmtime refuses, most often because the address space for the pool can't be had.
    #[error(
        "could not set up the sandbox for {slots} calls at the same time: {reason}; try fewer, or raise the limit on address space (`ulimit -v`)"
    )]
    Engine {
        /// The calls asked for.
        slots: u32,
        /// What wasmtime says.
        reason: String,
    },
    /// The ticker's thread could not be started.
    #[error("could not start the thread that interrupts providers")]
    Ticker(#[source] io::Error),
    /// The cache's folder can't be used.
    #[error("could not use {path} as the cache of compiled providers; give a folder that this user can write to")]
    Cache {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others could put code into the cache's folder that the host would run.
    #[error(
        "{path} may not hold compiled providers, as it {problem}; give it to this user alone (`chmod 700`), or choose another folder"
    )]
    CacheNotPrivate {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// A component is refused, or could not be made ready.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There are no bytes.
    #[error("this is an empty file; give a component, such as `cargo xtask build-providers` makes")]
    Empty,
    /// A core module, not a component.
    #[error(
        "this is a core WebAssembly module and no component; make a provider of it with `autocontent provider pack`"
    )]
    CoreModule,
    /// WebAssembly in its text format.
    #[error("this is WebAssembly as text; assemble it first, with `wasm-tools parse`")]
    Text,
    /// Something else.
    #[error(
        "this is no WebAssembly component: it does not begin as one; choose the file that a provider was built to, ID.wasm"
    )]
    NotWasm,
    /// The bytes end too soon.
    #[error("this component is cut off: it ends after {size} bytes in the middle of something; copy or build it again")]
    Truncated {
        /// How many bytes there are.
        size: usize,
    },
    /// The bytes break WebAssembly's rules.
    #[error("this component is damaged at byte {offset}: {reason}; copy or build it again")]
    Malformed {
        /// Where.
        offset: usize,
        /// What the parser says.
        reason: String,
    },
    /// Too many bytes.
    #[error("this component has {size} bytes, and at most {limit} are allowed; build it in release mode and strip it")]
    TooLarge {
        /// How many bytes there are.
        size: u64,
        /// How many there may be.
        limit: u64,
    },
    /// Too much of something that no real provider has so much of.
    #[error("this component has more than {limit} {what}, which no provider needs; simplify it")]
    TooComplex {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// No manifest inside.
    #[error("this component carries no manifest; put its provider.toml into it with `autocontent provider pack`")]
    NoManifest,
    /// More than one manifest inside.
    #[error("this component carries more than one manifest; keep one custom section `autocontent:manifest`")]
    TwoManifests,
    /// The manifest is too long to be read.
    #[error("this component's manifest has {size} bytes, and at most {limit} are allowed; shorten provider.toml")]
    ManifestTooLong {
        /// Its bytes.
        size: usize,
        /// The most allowed.
        limit: usize,
    },
    /// The manifest is no text.
    #[error("this component's manifest is not UTF-8; save provider.toml as UTF-8 and build again")]
    ManifestNotUtf8,
    /// The manifest is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestErrors),
    /// An import that the contract doesn't have.
    #[error("this component imports `{name}`, which is not in the contract; {advice}")]
    Import {
        /// The import.
        name: String,
        /// What to do.
        advice: &'static str,
    },
    /// Built for another version of the contract.
    #[error("this component asks for `{name}`, and this host speaks version {}.{} of the contract; build it with the SDK of that version", VERSION.0, VERSION.1)]
    ContractVersion {
        /// The import or export with its version.
        name: String,
    },
    /// The required export is missing.
    #[error(
        "this component does not export `autocontent:provider/content@1.0.0`, which every provider must; build it for the world `provider`"
    )]
    NoContent,
    /// The manifest promises suggestions that the component doesn't have.
    #[error(
        "option `{option}` of `{command}` is marked `autocomplete`, and this component does not export `autocontent:provider/suggestions@1.0.0`; export it or take the mark away"
    )]
    NoSuggestions {
        /// The full command name.
        command: String,
        /// The option.
        option: String,
    },
    /// An import or export has other types than the contract's.
    #[error("this component does not fit the contract: {reason}; build it with the contract's own provider.wit")]
    Types {
        /// What differs.
        reason: String,
    },
    /// It has more memories, tables or modules than the sandbox gives to one provider.
    #[error("this component asks for more than the sandbox gives to one provider: {reason}; link less into it")]
    Oversized {
        /// Of what.
        reason: String,
    },
    /// The compiler's child process could not be started.
    #[error("could not start the compiler {program}")]
    Compiler {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The compiler refuses the component.
    #[error("this component can't be compiled: {reason}")]
    Compile {
        /// What it says.
        reason: String,
    },
    /// Compiling took too long.
    #[error("compiling this component took longer than {limit:?} and was stopped; make it smaller, or allow more time")]
    CompileTime {
        /// The time allowed.
        limit: Duration,
    },
    /// Compiling took too much memory.
    #[error(
        "compiling this component took more than {limit} of memory and was stopped; make it smaller, or allow more"
    )]
    CompileMemory {
        /// The memory allowed.
        limit: ByteSize,
    },
    /// The compiler's child process died.
    #[error("the compiler crashed on this component ({status}): {output}")]
    CompilerCrashed {
        /// How it ended.
        status: String,
        /// The last of what it wrote to standard error.
        output: String,
    },
    /// The cache could not be written.
    #[error(
        "could not write to the cache of compiled providers at {path}; it needs room there, and this user's right to write"
    )]
    Cache {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The compiler said that all went well and wrote something else than code.
    #[error(
        "the compiler wrote no code into {path}; check that it is this program, of this version, and that the disk is not full"
    )]
    NoCode {
        /// The cache's folder.
        path: PathBuf,
    },
    /// What was written to the cache just now isn't there any more, or was changed.
    #[error("what was just compiled is gone from {path}; nothing else may write to that folder")]
    Lost {
        /// The cache's folder.
        path: PathBuf,
    },
    /// The bytes were needed and could not be had.
    #[error("could not get the bytes of component {digest} to compile it again")]
    Bytes {
        /// The component.
        digest: Digest,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The bytes are another component's.
    #[error("asked for component {wanted}, and was given {found}; the place where components are kept is damaged")]
    Digest {
        /// What was asked for.
        wanted: Digest,
        /// What came.
        found: Digest,
    },
    /// The async runtime shut down meanwhile.
    #[error("the host stopped while the component was being made ready: {reason}")]
    Stopped {
        /// What the async runtime says.
        reason: String,
    },
}
