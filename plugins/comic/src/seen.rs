//! The comics that are known so far, which is all that can be searched: each that was fetched for somebody.
//!
//! Each is one key of the provider's storage: number, title and words, with tabs between them and nothing under it. So
//! two calls at once never spoil each other's notes, and a thousand comics are read in one step. A key has 256 bytes,
//! so of a long transcript only the first words are known.

use std::collections::HashSet;

use autocontent_sdk::storage::{self, Scope};
use autocontent_sdk::text::fold;
use autocontent_sdk::{Failure, log};

use crate::comic::Comic;

/// Bytes of a key.
const LONGEST_KEY: usize = 256;
/// Bytes of a title in a key, so that room is left for words.
const LONGEST_TITLE: usize = 100;
/// Keys that the host lists at once.
const LISTED: u32 = 1_000;
/// Steps in which keys are listed: more comics than the storage's quota has room for.
const STEPS: usize = 20;
/// Letters of a word that is worth keeping.
const SHORTEST_WORD: usize = 3;

/// What is known of a comic.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) number: i64,
    pub(crate) title: String,
    /// Folded, with spaces between them.
    words: String,
}

impl Seen {
    /// Notes a comic. Where that fails the operator is told, and the member sees the comic all the same.
    pub(crate) fn note(comic: &Comic) {
        if let Err(error) = storage::set(Scope::Provider, &key(comic), b"", None) {
            log::warn(format!("comic {} could not be noted for the search: {}", comic.number, cause(error)));
        }
    }

    /// All that were noted, by number.
    pub(crate) fn all() -> Result<Vec<Seen>, Failure> {
        let mut all: Vec<Seen> = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..STEPS {
            let keys = storage::keys(Scope::Provider, "", after.as_deref(), LISTED)?;
            all.extend(keys.iter().filter_map(|key| read(key)));
            after = keys.last().cloned();
            if u32::try_from(keys.len()).is_ok_and(|listed| listed < LISTED) {
                break;
            }
        }
        // A comic whose title or text was changed has two keys.
        all.dedup_by_key(|seen| seen.number);
        Ok(all)
    }

    /// Those in which all of these words stand, perhaps within longer ones: first those that have them in the title, and
    /// the newest first.
    pub(crate) fn matching<'a>(seen: &'a [Seen], words: &str) -> Vec<&'a Seen> {
        let words = fold(words);
        let words: Vec<&str> = words.split_whitespace().collect();
        let stand_in = |text: &str| words.iter().all(|word| text.contains(word));
        let (mut titled, mut others) = (Vec::new(), Vec::new());
        for seen in seen.iter().rev() {
            let title = fold(&seen.title);
            if stand_in(&title) {
                titled.push(seen);
            } else if stand_in(&format!("{title} {}", seen.words)) {
                others.push(seen);
            }
        }
        titled.append(&mut others);
        titled
    }
}

fn key(comic: &Comic) -> String {
    let title = comic.title();
    let mut key =
        format!("{:06}\t{}\t", comic.number, title.get(..title.floor_char_boundary(LONGEST_TITLE)).unwrap_or_default());
    let mut known = HashSet::new();
    for word in comic.texts().iter().flat_map(|text| words(text)) {
        if key.len() + word.len() < LONGEST_KEY && known.insert(word.clone()) {
            key.push_str(&word);
            key.push(' ');
        }
    }
    key.truncate(key.trim_end_matches(' ').len());
    key
}

fn read(key: &str) -> Option<Seen> {
    let mut parts = key.split('\t');
    let (number, title, words) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Seen { number: number.parse().ok()?, title: title.into(), words: words.into() })
}

/// The words that are worth keeping, folded.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().count() >= SHORTEST_WORD).map(Into::into).collect()
}

fn cause(error: storage::Error) -> &'static str {
    match error {
        storage::Error::Full => "the storage is full",
        storage::Error::TooLarge => "its key is too large",
        storage::Error::Unavailable => "the storage is unavailable",
    }
}
