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
    let is_there = folder.is_dir();
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = if is_there { folder } else { parent };
    fs::create_dir_all(beside).map_err(failed)?;
    let draft = tempfile::Builder::new().prefix(".autocontent-new-").tempdir_in(beside).map_err(failed)?;
    fill_in(sdk::template(language), &Spellings::of(name, language), draft.path()).map_err(failed)?;
    sdk::unpack_into(&draft.path().join(".autocontent").join("sdk"))?;
    if is_there {
        // The folder itself stays, as somebody may be in it.
        return move_up(draft.path(), folder).map_err(failed);
    }
    fs::rename(draft.path(), folder).map_err(failed)?;
    let _ = draft.keep();
    Ok(())
}

/// Moves what is in a folder to another one.
fn move_up(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::rename(entry.path(), to.join(entry.file_name()))?;
    }
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
    fn of(name: &ProviderId, language: Language) -> Spellings {
        let id = name.to_string();
        Spellings {
            snake: id.replace('-', "_"),
            type_name: language.type_name(&id.split('-').map(capitalised).collect::<String>()),
            title: capitalised(&id.replace('-', " ")),
            constant: id.replace('-', "_").to_uppercase(),
            id,
        }
    }

    /// The text with the author's name wherever the template's stands.
    fn fill_in(&self, text: &str, kind: Kind) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, word, after)) = next_word(rest) {
            filled.push_str(before);
            let identifier = filled.ends_with('_') || after.starts_with('_') || after.starts_with("::");
            filled.push_str(match word {
                WORD_CAPITALS => &self.constant,
                WORD_CAPITALISED if kind == Kind::Code => &self.type_name,
                WORD_CAPITALISED => &self.title,
                _ if identifier => &self.snake,
                _ => &self.id,
            });
            rest = after;
        }
        filled + rest
    }
}

/// The first place where the template calls itself something: what is before, the word, and what is after.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let found = [WORD, WORD_CAPITALISED, WORD_CAPITALS].into_iter().filter_map(|word| Some((text.find(word)?, word)));
    let (place, word) = found.min()?;
    let (before, rest) = text.split_at(place);
    let (word, after) = rest.split_at(word.len());
    Some((before, word, after))
}

pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_in(name: &str, text: &str, kind: Kind) -> String {
        Spellings::of(&name.parse().unwrap(), Language::Rust).fill_in(text, kind)
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
    fn a_name_that_has_the_templates_own_in_it_is_filled_in_once() {
        assert_eq!(filled_in("my-bookfinder", "\"Bookfinder\"", Kind::Words), "\"My bookfinder\"");
        assert_eq!(filled_in("my-bookfinder", "bookfinder_x", Kind::Code), "my_bookfinder_x");
    }

    #[test]
    fn rusts_one_reserved_type_name_is_avoided() {
        assert_eq!(filled_in("self", "Command::Bookfinder", Kind::Code), "Command::Self_");
    }
}
