//! The names that HTML has for characters: those of Latin-1 and of what newspapers write. All 2,231 would be half of the
//! component.

/// The characters from 160 on, by number.
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy",
    "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm",
    "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig",
    "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve",
    "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN",
    "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc",
    "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
    "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

const OTHERS: [(&str, char); 38] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("hellip", '…'),
    ("bull", '•'),
    ("dagger", '†'),
    ("Dagger", '‡'),
    ("permil", '‰'),
    ("prime", '′'),
    ("Prime", '″'),
    ("euro", '€'),
    ("trade", '™'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("minus", '−'),
    ("larr", '←'),
    ("rarr", '→'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
];

/// Letters 0x80 to 0x9F of Windows-1252; where it has none, HTML takes the control character of that number.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character of an entity, by what stands between `&` and `;`.
pub(crate) fn resolved(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        return match number.strip_prefix(['x', 'X']) {
            Some(digits) => numbered(u32::from_str_radix(digits, 16).ok()?),
            None => numbered(number.parse().ok()?),
        };
    }
    // Nearly all are one of the first four of these.
    if let Some((_, letter)) = OTHERS.iter().find(|(name, _)| *name == entity) {
        return Some(*letter);
    }
    let at = LATIN_1.iter().position(|name| *name == entity)?;
    char::from_u32(160 + u32::try_from(at).ok()?)
}

/// The character that HTML means by a number: those of Windows-1252 where Unicode has control characters.
pub(crate) fn numbered(number: u32) -> Option<char> {
    match number {
        0x80..=0x9f => WINDOWS.get(usize::try_from(number - 0x80).ok()?).copied(),
        _ => char::from_u32(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_give_their_character() {
        for (entity, letter) in
            [("nbsp", '\u{a0}'), ("Agrave", 'À'), ("ccedil", 'ç'), ("yuml", 'ÿ'), ("mdash", '—'), ("#x1F600", '😀')]
        {
            assert_eq!(resolved(entity), Some(letter), "{entity}");
        }
        assert_eq!(resolved("#147"), Some('“'));
        for none in ["", "#", "#x", "#x110000", "#xd800", "#-1", "nosuch", "AMP;"] {
            assert_eq!(resolved(none), None, "{none}");
        }
    }
}
