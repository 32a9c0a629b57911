//! Lengths as Discord counts them, and texts cut to them.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

const ELLIPSIS: char = '…';

/// The length that Discord sees. Its limits are in characters, which some of its parts count as Unicode code points
/// and some as UTF-16 units; the latter are never fewer, so what fits by them fits everywhere.
pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The text with at most `limit` units: if it is longer, whole visible characters of it and an ellipsis.
pub(super) fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit || units(text) <= limit {
        return Cow::Borrowed(text);
    }
    let Some(room) = limit.checked_sub(ELLIPSIS.len_utf16()) else { return Cow::Borrowed("") };
    let mut end = fitting(text.graphemes(true), room);
    if end == 0 {
        // One visible character, of more code points than there is room for.
        end = fitting(text.split_inclusive(|_| true), room);
    }
    let (kept, _) = text.split_at(end);
    let mut kept = kept.trim_end().to_owned();
    kept.push(ELLIPSIS);
    Cow::Owned(kept)
}

/// The text on one line with at most `limit` units; none where nothing is to be seen.
pub(super) fn line(text: &str, limit: usize) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = cut(&line, limit);
    (!line.is_empty()).then(|| line.into_owned())
}

/// How many bytes of the pieces fit into `room` units.
fn fitting<'a>(pieces: impl Iterator<Item = &'a str>, room: usize) -> usize {
    let (mut end, mut used) = (0, 0);
    for piece in pieces {
        used += units(piece);
        if used > room {
            break;
        }
        end += piece.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays_as_it_is() {
        assert_eq!(cut("coragem", 7), "coragem");
        assert_eq!(cut("não", 3), "não");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn a_longer_text_ends_in_an_ellipsis_within_the_limit() {
        assert_eq!(cut("coragem", 6), "corag…");
        assert_eq!(cut("cor agem", 5), "cor…");
        assert_eq!(cut("coragem", 1), "…");
        assert_eq!(cut("coragem", 0), "");
    }

    #[test]
    fn what_is_seen_as_one_character_is_not_cut_in_two() {
        assert_eq!(cut("ab👩‍👩‍👧cd", 9), "ab…");
        assert_eq!(cut("abe\u{301}cd", 4), "ab…");
        assert_eq!(cut("🇧🇷🇵🇹", 5), "🇧🇷…");
    }

    #[test]
    fn one_endless_character_is_cut_all_the_same() {
        let zalgo = format!("a{}", "\u{301}".repeat(100));
        assert_eq!(units(&cut(&zalgo, 10)), 10);
    }

    #[test]
    fn characters_beyond_the_basic_plane_count_twice() {
        assert_eq!(units("😀"), 2);
        assert_eq!(cut("😀😀😀", 5), "😀😀…");
    }
}
