//! From a feed's bytes to text. Nearly all are UTF-8; some newspapers still write the encodings of the nineties.

use autocontent_sdk::html::numbered;

/// The text of a feed. A byte order mark decides, then `content_type`, then the XML declaration; else it is UTF-8, and
/// what is not becomes "�".
///
/// # Errors
///
/// The name of an encoding that is not known here.
pub(crate) fn decode(bytes: &[u8], content_type: Option<&str>) -> Result<String, String> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return Ok(utf8(rest)),
        [0xff, 0xfe, rest @ ..] => return Ok(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => return Ok(utf16(rest, u16::from_be_bytes)),
        _ => {}
    }
    let named = content_type.and_then(charset).or_else(|| declared(bytes)).unwrap_or_else(|| "utf-8".into());
    match named.as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(utf8(bytes)),
        // As browsers do: whoever says ISO-8859-1 means Windows-1252.
        "iso-8859-1" | "iso_8859-1" | "latin1" | "windows-1252" | "cp1252" => Ok(windows(bytes)),
        "iso-8859-15" | "latin-9" => Ok(windows(bytes).chars().map(latin_9).collect()),
        "utf-16le" => Ok(utf16(bytes, u16::from_le_bytes)),
        "utf-16be" | "utf-16" => Ok(utf16(bytes, u16::from_be_bytes)),
        _ => Err(named),
    }
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).map(|letter| letter.unwrap_or('\u{fffd}')).collect()
}

fn windows(bytes: &[u8]) -> String {
    bytes.iter().filter_map(|&byte| numbered(byte.into())).collect()
}

fn latin_9(letter: char) -> char {
    match letter {
        '¤' => '€',
        '¦' => 'Š',
        '¨' => 'š',
        '´' => 'Ž',
        '¸' => 'ž',
        '¼' => 'Œ',
        '½' => 'œ',
        '¾' => 'Ÿ',
        _ => letter,
    }
}

/// Of `text/xml; charset="utf-8"` the `utf-8`.
fn charset(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.next().map(|(_, value)| value.trim().trim_matches(['"', '\'']).to_ascii_lowercase())
}

/// Of `<?xml version="1.0" encoding="utf-8"?>` the `utf-8`.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes));
    let (declaration, _) = start.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest.split(quote).nth(1).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_beats_the_header_which_beats_the_declaration() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>S\xe3o \x93x\x94</a>";
        assert!(decode(latin, None).unwrap().ends_with("<a>São “x”</a>"));
        assert!(decode(latin, Some("text/xml; charset=\"UTF-8\"")).unwrap().contains("S\u{fffd}o"));
        assert_eq!(decode("\u{feff}é".as_bytes(), Some("text/xml; charset=latin1")), Ok("é".into()));
        assert_eq!(decode(b"\xff\xfe\xe9\x00!\x00", None), Ok("é!".into()));
        assert_eq!(decode(b"\xa4", Some("text/xml;charset=ISO-8859-15")), Ok("€".into()));
    }

    #[test]
    fn an_encoding_that_is_not_known_is_named() {
        assert_eq!(decode(b"x", Some("text/xml; charset=Shift_JIS")), Err("shift_jis".into()));
    }
}
