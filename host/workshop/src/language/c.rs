//! C: clang compiles for wasm32 without an operating system, and lld links it with the SDK.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use autocontent_manifest::Manifest;
use wasmparser::{KnownCustom, Linking, Parser, Payload, SymbolFlags, SymbolInfo};

use super::{Effort, Language, autocompleted};
use crate::console::succeeds;
use crate::project::{read, read_text};
use crate::{Console, Project, WorkshopError};

/// For the author's sources and the SDK's alike: WebAssembly as every engine runs it, and no libc but the SDK's headers.
const COMPILE: [&str; 9] = [
    "--target=wasm32",
    "-std=c17",
    "-ffreestanding",
    "-nostdlibinc",
    "-mbulk-memory",
    "-msign-ext",
    "-mnontrapping-fptoint",
    "-ffunction-sections",
    "-fdata-sections",
];

/// A stack of 64 KiB at the beginning of memory, where overflowing it ends the call instead of overwriting data.
const LINK: [&str; 5] =
    ["-nostdlib", "-Wl,--no-entry", "-Wl,--stack-first", "-Wl,-z,stack-size=65536", "-Wl,--gc-sections"];

/// Flags of the author's own, which editors read too.
const FLAGS_FILE: &str = "compile_flags.txt";

/// What authors can install, and how.
const REMEDY: &str = "install clang and lld (Debian: `apt-get install clang lld`; Fedora: `dnf install clang lld`; macOS: `brew install llvm lld`, with `$(brew --prefix llvm)/bin` first on PATH)";

/// Makes sure that there is a clang that compiles for wasm32, and its linker.
pub(super) fn tools() -> Result<(), WorkshopError> {
    if !succeeds(clang().arg("--version")) {
        return Err(missing("clang", "is not on PATH"));
    }
    if !succeeds(clang().args(["--target=wasm32", "-fsyntax-only", "-x", "c", "/dev/null"])) {
        return Err(missing("clang", "can't compile for wasm32 here"));
    }
    // Debian's clang finds the linker of its own version beside itself.
    let linker = clang().args(["--target=wasm32", "-print-prog-name=wasm-ld"]).output();
    let linker = linker.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if linker.is_empty() || !succeeds(Command::new(linker).arg("--version")) {
        return Err(missing("wasm-ld", "is not on PATH"));
    }
    Ok(())
}

/// Compiles `src/**/*.c`, links them with the SDK, and returns the core module.
pub(super) fn build(project: &Project, effort: Effort, console: Console<'_>) -> Result<PathBuf, WorkshopError> {
    let workbench = Workbench { project, effort, console, folder: project.folder().join(".autocontent").join("build") };
    let failed = |source| WorkshopError::Write { path: workbench.folder.clone(), source };
    fs::create_dir_all(&workbench.folder).map_err(failed)?;
    let objects = workbench.compile(&sources(&project.folder().join("src"))?)?;
    let defined = defined(&objects)?;
    check(&defined, &project.manifest()?.0)?;
    workbench.link(&objects, &defined)
}

/// Where a project is compiled.
struct Workbench<'a> {
    project: &'a Project,
    effort: Effort,
    console: Console<'a>,
    folder: PathBuf,
}

impl Workbench<'_> {
    /// Each of the author's sources, so that what is wrong in all of them is told at once.
    fn compile(&self, sources: &[PathBuf]) -> Result<Vec<PathBuf>, WorkshopError> {
        let flags = self.flags()?;
        let mut objects = Vec::new();
        let mut first_error = None;
        for source in sources {
            // Relative, as clang's messages show it.
            let source = source.strip_prefix(self.project.folder()).unwrap_or(source);
            let object = self.folder.join(source).with_extension("o");
            let folder = object.parent().unwrap_or(&self.folder);
            fs::create_dir_all(folder)
                .map_err(|problem| WorkshopError::Write { path: folder.to_owned(), source: problem })?;
            let mut clang = self.clang();
            // Objects, as their names are looked at before they are linked.
            clang.args(["-Wall", "-Wextra"]).args(&flags).arg("-fno-lto");
            if let Err(error) = self.console.run(clang.arg("-c").arg(source).arg("-o").arg(&object)) {
                first_error.get_or_insert(error);
            }
            objects.push(object);
        }
        first_error.map_or(Ok(objects), Err)
    }

    /// The author's own flags: one a line, as editors read them.
    fn flags(&self) -> Result<Vec<String>, WorkshopError> {
        let file = self.project.folder().join(FLAGS_FILE);
        if !file.is_file() {
            return Ok(Vec::new());
        }
        let lines = read_text(&file)?;
        Ok(lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    /// The objects, the SDK, and the exports that fit what the author defined.
    fn link(&self, objects: &[PathBuf], defined: &BTreeSet<String>) -> Result<PathBuf, WorkshopError> {
        let sdk = self.project.sdk_folder().join("c");
        let (suggests, acts) = (defined.contains("suggest"), defined.contains("act"));
        let world = match (suggests, acts) {
            (false, false) => "provider",
            (true, false) => "suggesting-provider",
            (false, true) => "acting-provider",
            (true, true) => "interactive-provider",
        };
        let left_out =
            |name: &str| (name == "entry_suggestions.c" && !suggests) || (name == "entry_actions.c" && !acts);
        let mut parts = sources(&sdk.join("src"))?;
        parts.retain(|part| !part.file_name().and_then(|name| name.to_str()).is_some_and(left_out));
        parts.push(sdk.join("bindings").join(world).with_extension("c"));
        let module = self.folder.join("provider.wasm");
        // What clang thinks of the SDK is none of the author's business.
        self.console.run(self.clang().arg("-w").args(LINK).args(objects).args(parts).arg("-o").arg(&module))?;
        Ok(module)
    }

    /// Clang, to be run in the project.
    fn clang(&self) -> Command {
        let sdk = self.project.sdk_folder().join("c");
        let sdk = sdk.strip_prefix(self.project.folder()).unwrap_or(&sdk);
        let mut clang = clang();
        clang.current_dir(self.project.folder()).args(COMPILE).arg(match self.effort {
            Effort::Release => "-O2",
            Effort::Quick => "-O1",
        });
        for folder in ["include", "bindings", "libc"] {
            clang.arg("-isystem").arg(sdk.join(folder));
        }
        clang
    }
}

/// The .c files of a folder and those in it, in the order of their names.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, WorkshopError> {
    let failed = |source| WorkshopError::Read { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            paths.extend(sources(&path)?);
        } else if is_source(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether a file is one to be compiled. What editors keep beside a file that is open begins with a dot.
pub(super) fn is_source(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && path.extension().is_some_and(|extension| extension == "c")
}

/// The functions that other files see, by name.
fn defined(objects: &[PathBuf]) -> Result<BTreeSet<String>, WorkshopError> {
    let mut defined = BTreeSet::new();
    for object in objects {
        let bytes = read(object)?;
        for payload in Parser::new(0).parse_all(&bytes) {
            let Ok(Payload::CustomSection(section)) = payload else { continue };
            let KnownCustom::Linking(linking) = section.as_known() else { continue };
            for symbols in linking.subsections().filter_map(Result::ok) {
                let Linking::SymbolTable(symbols) = symbols else { continue };
                defined.extend(symbols.into_iter().filter_map(Result::ok).filter_map(|symbol| global(&symbol)));
            }
        }
    }
    Ok(defined)
}

fn global(symbol: &SymbolInfo<'_>) -> Option<String> {
    let SymbolInfo::Func { flags, name, .. } = symbol else { return None };
    let hidden = flags.intersects(SymbolFlags::UNDEFINED | SymbolFlags::BINDING_LOCAL);
    name.filter(|_| !hidden).map(str::to_owned)
}

/// Whether the functions are there that the manifest needs.
fn check(defined: &BTreeSet<String>, manifest: &Manifest) -> Result<(), WorkshopError> {
    let lacks = |function: &str, why: &str| {
        Err(WorkshopError::MissingFunction {
            function: function.to_owned(),
            place: "src/".to_owned(),
            why: why.to_owned(),
        })
    };
    if !defined.contains("find") {
        return lacks("ac_answer find(const ac_request *request)", "every provider answers its commands there");
    }
    match autocompleted(manifest) {
        Some(why) if !defined.contains("suggest") => lacks("ac_choices suggest(const ac_partial *partial)", &why),
        _ => Ok(()),
    }
}

fn clang() -> Command {
    Command::new("clang")
}

fn missing(tool: &'static str, problem: &str) -> WorkshopError {
    WorkshopError::MissingTool { language: Language::C, tool, problem: problem.to_owned(), remedy: REMEDY.to_owned() }
}
