//! Comparing names, which players, stores and people write differently.

use autocontent_sdk::text::{bare, fold};

/// Whether both are the same title, but for what is added about a version: "Song (Live)", "Song - Remastered 2011".
pub(crate) fn same_title(one: &str, other: &str) -> bool {
    let without = |title: &str| {
        let end = [" (", " [", " - "].iter().filter_map(|mark| title.find(mark)).min().unwrap_or(title.len());
        let without = bare(title.get(..end).unwrap_or_default());
        if without.is_empty() { bare(title) } else { without }
    };
    let (one, other) = (without(one), without(other));
    !one.is_empty() && one == other
}

/// Whether one of them is among the other, or somebody is in both: players name all who take part, or only the first.
pub(crate) fn same_artist(one: &str, other: &str) -> bool {
    let (all, others) = (bare(one), bare(other));
    let among = |name: &str, names: &str| !name.is_empty() && format!(" {names} ").contains(&format!(" {name} "));
    among(&all, &others) || among(&others, &all) || parties(one).iter().any(|name| parties(other).contains(name))
}

/// Those whom a text names that may name several.
fn parties(artists: &str) -> Vec<String> {
    let artists = [" feat. ", " feat ", " ft. "].iter().fold(fold(artists), |names, mark| names.replace(mark, ","));
    artists.split([',', ';', '&']).map(bare).filter(|name| !name.is_empty()).collect()
}

/// A title and an artist as the words of one search.
pub(crate) fn together(title: &str, artist: Option<&str>) -> String {
    let artist = artist.map(str::trim).filter(|artist| !artist.is_empty());
    artist.map_or_else(|| title.trim().to_owned(), |artist| format!("{} {artist}", title.trim()))
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
        assert!(same_artist("Elis Regina, Tom Jobim", "Elis Regina & Antônio Carlos Jobim"));
        assert!(same_artist("Elis Regina", "Elis Regina & Antônio Carlos Jobim"));
        assert!(same_artist("Milton Nascimento feat. Lô Borges", "Lo Borges; Beto Guedes"));
        assert!(!same_artist("Tom Jobim", "Antônio Carlos Jobim"));
        assert!(same_artist("Gilberto Gil; Caetano Veloso", "Caetano Veloso"));
        assert!(!same_artist("Eve", "Steve"));
        assert!(!same_artist("", "Anybody"));
    }
}
