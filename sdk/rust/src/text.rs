//! Comparing and cutting words of several languages without the tables of Unicode, which would be larger than most
//! providers.

/// `text` in lower case and without the accents of Latin letters, for comparing. Letters of other scripts only
/// lose their case.
///
/// ```
/// assert_eq!(autocontent_sdk::text::fold("Eça de Queirós"), "eca de queiros");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            folded.push(letter.to_ascii_lowercase());
            continue;
        }
        for lower in letter.to_lowercase() {
            match base(lower) {
                "" => folded.push(lower),
                base => folded.push_str(base),
            }
        }
    }
    folded
}

/// The letters and digits of `text` alone, folded, with one space where anything else stood: what is left of a name that
/// people, statuses and stores write with different signs. Nothing is left of one that has only signs.
///
/// ```
/// assert_eq!(autocontent_sdk::text::bare("HELLDIVERS™ 2"), "helldivers 2");
/// ```
pub fn bare(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether both are the same name, but for case, accents and signs. One that has only signs must be just the same.
///
/// ```
/// use autocontent_sdk::text::same_name;
///
/// assert!(same_name("Beyoncé", "BEYONCE"));
/// assert!(!same_name("!!!", "???"));
/// ```
pub fn same_name(one: &str, other: &str) -> bool {
    match (bare(one).as_str(), bare(other).as_str()) {
        ("", "") => one.trim() == other.trim(),
        (one, other) => one == other,
    }
}

/// `text` in one line: each run of white space made one space. None where nothing else stands there.
///
/// ```
/// use autocontent_sdk::text::line;
///
/// assert_eq!(line(" A name\n in two  lines").as_deref(), Some("A name in two lines"));
/// assert_eq!(line(" "), None);
/// ```
pub fn line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// `text` in at most so many characters: where it is longer, it is cut between words and ends in an ellipsis. A word that
/// would take more than half of it along is cut itself.
///
/// ```
/// assert_eq!(autocontent_sdk::text::shortened("one, two three", 10), "one, two…");
/// ```
pub fn shortened(text: &str, most: usize) -> String {
    if text.char_indices().nth(most).is_none() {
        return text.to_owned();
    }
    // The ellipsis is one of them.
    let Some((end, next)) = most.checked_sub(1).and_then(|room| text.char_indices().nth(room)) else {
        return String::new();
    };
    let head = text.get(..end).unwrap_or_default();
    // Where a word ends just there, it stays whole.
    let last = if next.is_whitespace() { Some(end) } else { head.rfind(char::is_whitespace) };
    let words = last.and_then(|end| head.get(..end)).filter(|words| words.len() * 2 >= end).unwrap_or(head);
    format!("{}…", words.trim_end().trim_end_matches([',', ';', ':']))
}

/// A short name for texts, the same in every version of this crate, so that it may be part of an item's id or of a key in
/// the storage: FNV-1a with 128 bits over the texts, each with its length before it, so that no two lists of texts look
/// alike. No secret stays hidden behind it, and whoever tries can make two texts alike.
///
/// ```
/// use autocontent_sdk::text::digest;
///
/// let id = format!("headline-{:032x}", digest(&["https://news.example/latest", "Comet seen"]));
/// assert_eq!(id.len(), 41);
/// ```
pub fn digest(texts: &[&str]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut digest: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for text in texts {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes();
        for byte in length.into_iter().chain(text.bytes()) {
            digest = (digest ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    digest
}

/// The plain letters of an accented lower-case one in Latin-1 and Latin Extended-A, or nothing where it has none.
fn base(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ß' => "ss",
        'ś' | 'ŝ' | 'ş' | 'š' => "s",
        'þ' => "th",
        'ţ' | 'ť' | 'ŧ' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_go_and_other_scripts_stay() {
        assert_eq!(fold("ÁÉÍÓÚ ãõç ÊÔ"), "aeiou aoc eo");
        assert_eq!(fold("Œuvre Straße"), "oeuvre strasse");
        assert_eq!(fold("Достоевский"), "достоевский");
    }
    #[test]
    fn names_are_the_same_without_case_accents_and_signs_and_signs_alone_are_just_themselves() {
        assert!(same_name("Tom Clancy's Rainbow Six® Siege", "Tom Clancy’s Rainbow Six Siege"));
        assert!(!same_name("Portal", "Portal 2"));
        assert!(same_name(" !!! ", "!!!"));
        assert!(!same_name("!!!", "†††"));
        assert!(!same_name("", "A"));
    }

    #[test]
    fn a_long_text_is_cut_between_words_and_is_never_longer_than_it_may_be() {
        let text = "one, two three";
        for (most, cut) in
            [(14, text), (13, "one, two…"), (9, "one, two…"), (8, "one…"), (4, "one…"), (3, "on…"), (1, "…"), (0, "")]
        {
            assert_eq!(shortened(text, most), cut, "{most}");
            assert!(shortened(text, most).chars().count() <= most);
        }
        assert_eq!(shortened("éééééé", 4), "ééé…");
        assert_eq!(shortened("  éééé", 4), "  é…");
        assert_eq!(shortened("a: bbbbbbbb", 8), "a: bbbb…");
    }

    #[test]
    fn lists_of_texts_are_told_apart() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["a"]), digest(&["a", ""]));
        assert_eq!(digest(&[]), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
    }
}
