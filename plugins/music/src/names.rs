//! Comparing names, which players, stores and people write differently.

use autocontent_sdk::text::fold;

/// A name as it is compared: without case, accents and signs.
pub(crate) fn plainly(name: &str) -> String {
    let letters: String =
        fold(name).chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether both are the same title, but for what is added about a version: "Song (Live)", "Song - Remastered 2011".
pub(crate) fn same_title(one: &str, other: &str) -> bool {
    let bare = |title: &str| {
        let end = [" (", " [", " - "].iter().filter_map(|mark| title.find(mark)).min().unwrap_or(title.len());
        let bare = plainly(title.get(..end).unwrap_or_default());
        if bare.is_empty() { plainly(title) } else { bare }
    };
    let (one, other) = (bare(one), bare(other));
    !one.is_empty() && one == other
}

/// Whether one of them is among the other: players name all who take part, or only the first.
pub(crate) fn same_artist(one: &str, other: &str) -> bool {
    let (one, other) = (plainly(one), plainly(other));
    let among = |name: &str, names: &str| !name.is_empty() && format!(" {names} ").contains(&format!(" {name} "));
    among(&one, &other) || among(&other, &one)
}

/// A title and an artist as the words of one search.
pub(crate) fn together(title: &str, artist: Option<&str>) -> String {
    let artist = artist.map(str::trim).filter(|artist| !artist.is_empty());
    artist.map_or_else(|| title.trim().to_owned(), |artist| format!("{} {artist}", title.trim()))
}

/// `text` up to so many characters, with an ellipsis where something was cut.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_same_title_and_a_longer_one_is_not() {
        assert!(same_title("Águas de Março - Remastered", "Aguas de marco (Ao Vivo)"));
        assert!(same_title("(I Can't Get No) Satisfaction", "(I Can’t Get No) Satisfaction"));
        assert!(!same_title("Clair de lune", "Clair"));
        assert!(!same_title("", "!"));
    }

    #[test]
    fn an_artist_is_met_among_several_and_not_within_a_word() {
        assert!(
            same_artist("Elis Regina, Tom Jobim", "Elis Regina & Antônio Carlos Jobim")
                || same_artist("Elis Regina", "Elis Regina & Antônio Carlos Jobim")
        );
        assert!(same_artist("Gilberto Gil; Caetano Veloso", "Caetano Veloso"));
        assert!(!same_artist("Eve", "Steve"));
        assert!(!same_artist("", "Anybody"));
    }

    #[test]
    fn what_is_too_long_is_cut() {
        assert_eq!(shortened("one two", 7), "one two");
        assert_eq!(shortened("one two", 5), "one…");
    }
}
