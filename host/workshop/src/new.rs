//! A new project: the template of a language, with the author's name in place of its own.

use std::fs;
use std::io;
use std::path::Path;

use autocontent_manifest::{Manifest, ProviderId};

use crate::sdk::{self, File};
use crate::{Language, WorkshopError};

/// Makes a project of this name in a folder that is not there yet, or is empty: the template of the language, and the SDK.
/// It is there whole or not at all.
///
/// # Errors
///
/// Where the name is a command of the host's own, the folder holds something, or it can't be written.
pub fn new(name: &ProviderId, language: Language, folder: &Path) -> Result<(), WorkshopError> {
    if Manifest::RESERVED_COMMANDS.contains(&name.as_str()) {
        return Err(WorkshopError::ReservedName { name: name.to_string() });
    }
    if fs::symlink_metadata(folder).is_ok() && !is_empty_folder(folder) {
        return Err(WorkshopError::Exists { path: folder.to_owned() });
    }
    let failed = |source| WorkshopError::Write { path: folder.to_owned(), source };
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let draft = tempfile::Builder::new().prefix(".autocontent-new-").tempdir_in(parent).map_err(failed)?;
    fill_in(sdk::template(language), &Spellings::of(name), draft.path()).map_err(failed)?;
    sdk::unpack_into(&draft.path().join(".autocontent").join("sdk"))?;
    fs::set_permissions(draft.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).map_err(failed)?;
    fs::rename(draft.path(), folder).map_err(failed)?;
    let _ = draft.keep();
    Ok(())
}

fn is_empty_folder(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn fill_in(template: &[File], spellings: &Spellings, folder: &Path) -> io::Result<()> {
    for file in template {
        let path = spellings.fill_in(file.path, Kind::Words);
        match str::from_utf8(file.content) {
            Ok(text) => sdk::write(&folder.join(path), spellings.fill_in(text, Kind::of(file.path)).as_bytes())?,
            Err(_) => sdk::write(&folder.join(path), file.content)?,
        }
    }
    Ok(())
}

/// What the templates call themselves.
const WORD: &str = "bookfinder";
const WORD_CAPITALISED: &str = "Bookfinder";
const WORD_CAPITALS: &str = "BOOKFINDER";

/// What a capitalised word stands for in a file: the name of a type in code, elsewhere the name that people read.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Code,
    Words,
}

impl Kind {
    fn of(path: &str) -> Kind {
        let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if ["rs", "js", "mjs", "ts", "py", "c", "h"].contains(&extension) { Kind::Code } else { Kind::Words }
    }
}

/// A provider's name as it is written in different places.
struct Spellings {
    /// `my-books`
    id: String,
    /// `my_books`
    snake: String,
    /// `MyBooks`
    type_name: String,
    /// `My books`
    title: String,
    /// `MY_BOOKS`
    constant: String,
}

impl Spellings {
    fn of(name: &ProviderId) -> Spellings {
        let id = name.to_string();
        let type_name: String = id.split('-').map(capitalised).collect();
        Spellings {
            snake: id.replace('-', "_"),
            // The one name that Rust takes for no type or variant.
            type_name: if type_name == "Self" { "Self_".to_owned() } else { type_name },
            title: capitalised(&id.replace('-', " ")),
            constant: id.replace('-', "_").to_uppercase(),
            id,
        }
    }

    /// The text with the author's name wherever the template's stands.
    fn fill_in(&self, text: &str, kind: Kind) -> String {
        let capitalised = if kind == Kind::Code { &self.type_name } else { &self.title };
        let text = text.replace(WORD_CAPITALS, &self.constant).replace(WORD_CAPITALISED, capitalised);
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(WORD) {
            filled.push_str(before);
            let identifier = filled.ends_with('_') || after.starts_with('_') || after.starts_with("::");
            filled.push_str(if identifier { &self.snake } else { &self.id });
            rest = after;
        }
        filled + rest
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_in(name: &str, text: &str, kind: Kind) -> String {
        Spellings::of(&name.parse().unwrap()).fill_in(text, kind)
    }

    #[test]
    fn each_place_gets_the_spelling_that_fits_it() {
        let filled = |text, kind| filled_in("my-books2", text, kind);
        assert_eq!(filled("id = \"bookfinder\"", Kind::Words), "id = \"my-books2\"");
        assert_eq!(filled("name = \"Bookfinder\"", Kind::Words), "name = \"My books2\"");
        assert_eq!(filled("use bookfinder_provider::Bookfinder;", Kind::Code), "use my_books2_provider::MyBooks2;");
        assert_eq!(filled("bookfinder::run(\"/bookfinder\")", Kind::Code), "my_books2::run(\"/my-books2\")");
        assert_eq!(filled("#define BOOKFINDER_H", Kind::Code), "#define MY_BOOKS2_H");
    }

    #[test]
    fn rusts_one_reserved_type_name_is_avoided() {
        assert_eq!(filled_in("self", "Command::Bookfinder", Kind::Code), "Command::Self_");
    }
}
