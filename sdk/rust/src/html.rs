//! From the HTML in what servers answer to plain text.

/// Bytes between `&` and `;`.
const LONGEST_ENTITY: usize = 12;

/// What a reader would see of a piece of HTML, in one line for each block: no tags, scripts or comments, entities
/// resolved, spaces collapsed, a bullet before each entry of a list.
///
/// ```
/// let html = "<p>R&amp;D in <b>S&atilde;o Paulo</b></p><ul><li>One</li></ul>";
/// assert_eq!(autocontent_sdk::html::plain(html), "R&D in São Paulo\n• One");
/// ```
pub fn plain(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        rest = after;
        if let Some((markup, after)) = Markup::read(rest) {
            rest = after;
            match markup {
                Markup::Letter(letter) => text.push(letter),
                Markup::Block => text.end_line(),
                Markup::Entry => {
                    text.end_line();
                    text.push_str("• ");
                }
                Markup::Nothing => {}
            }
        } else {
            // A sign that begins nothing stands for itself.
            let mut letters = rest.chars();
            text.extend(letters.next());
            rest = letters.as_str();
        }
    }
    text.push_str(rest);
    text.finish()
}

/// What a `<` or `&` begins.
enum Markup {
    Letter(char),
    /// A tag that begins or ends a line.
    Block,
    /// A tag that begins an entry of a list.
    Entry,
    Nothing,
}

impl Markup {
    /// The markup that `text` begins with, and what comes after it.
    fn read(text: &str) -> Option<(Markup, &str)> {
        if let Some(rest) = text.strip_prefix('&') {
            return entity(rest);
        }
        if let Some(comment) = text.strip_prefix("<!--") {
            return Some((Markup::Nothing, comment.split_once("-->").map_or("", |(_, rest)| rest)));
        }
        let inner = text.strip_prefix('<')?;
        let first = inner.chars().next()?;
        if !(first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
            return None;
        }
        let rest = end_of_tag(inner);
        let name = inner.trim_start_matches('/');
        let name = name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            hidden @ ("script" | "style") if first != '/' => Some((Markup::Nothing, after_element(rest, hidden))),
            "li" if first != '/' => Some((Markup::Entry, rest)),
            "td" | "th" => Some((Markup::Letter(' '), rest)),
            "br" | "p" | "div" | "li" | "ul" | "ol" | "tr" | "table" | "blockquote" | "h1" | "h2" | "h3" | "h4"
            | "h5" | "h6" | "figure" | "figcaption" | "hr" => Some((Markup::Block, rest)),
            _ => Some((Markup::Nothing, rest)),
        }
    }
}

/// An entity, of which the `&` was read.
fn entity(text: &str) -> Option<(Markup, &str)> {
    let end = text.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';')?;
    let (name, rest) = (text.get(..end)?, text.get(end + 1..)?);
    Some((Markup::Letter(character(name)?), rest))
}

/// What comes after a tag, whose `<` was read. Within quotes `>` doesn't end it; one that never ends takes all, as in
/// browsers.
fn end_of_tag(text: &str) -> &str {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (letter, quote) {
            ('>', None) => return text.get(at + 1..).unwrap_or_default(),
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            _ => {}
        }
    }
    ""
}

/// What comes after the end tag of an element whose content is no text.
fn after_element<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once("</") {
        rest = end_of_tag(tag);
        if tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return rest;
        }
    }
    ""
}

/// Plain text that grows, with its spaces collapsed.
#[derive(Default)]
struct Text {
    text: String,
    gap: Option<char>,
}

impl Text {
    fn push(&mut self, letter: char) {
        if letter.is_whitespace() {
            self.gap = self.gap.or(Some(' '));
        } else if !letter.is_control() {
            if let Some(gap) = self.gap.take().filter(|_| !self.text.is_empty()) {
                self.text.push(gap);
            }
            self.text.push(letter);
        }
    }

    fn push_str(&mut self, letters: &str) {
        self.extend(letters.chars());
    }

    fn extend(&mut self, letters: impl IntoIterator<Item = char>) {
        for letter in letters {
            self.push(letter);
        }
    }

    fn end_line(&mut self) {
        self.gap = Some('\n');
    }

    fn finish(self) -> String {
        self.text
    }
}

/// The characters from 160 on, by number. All names that HTML has would be half of a component.
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

/// The character of an entity, by what stands between `&` and `;`: a number, or a name of Latin-1 or of what newspapers write.
pub fn character(entity: &str) -> Option<char> {
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
pub fn numbered(number: u32) -> Option<char> {
    match number {
        0x80..=0x9f => WINDOWS.get(usize::try_from(number - 0x80).ok()?).copied(),
        _ => char::from_u32(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_reader_would_see_is_left() {
        for (html, text) in [
            ("<p>One</p>\n<p>Two  words</p>", "One\nTwo words"),
            ("a<br/>b<BR>c", "a\nb\nc"),
            ("<a href=\"https://x/?a>b\" title='>'>link</a>!", "link!"),
            ("x<script>alert('</b>')</script>y<style>p{}</style>z", "xyz"),
            ("<!-- gone -->kept<!-- never ends", "kept"),
            ("Caf&eacute; &#8220;x&#x201D; &#147;y&#148; R&amp;D &nbsp;z", "Café “x” “y” R&D z"),
            ("3 < 4 & 5 &unknown; &#xffffffff; &", "3 < 4 & 5 &unknown; &#xffffffff; &"),
            ("cut <a href=\"", "cut"),
            ("stray <b title=\"x>y</b>", "stray"),
            ("<ul><li>One</li><li>Two</li></ul>End", "• One\n• Two\nEnd"),
            ("<tr><td>a</td><td>b</td></tr>", "a b"),
            ("one\n two\u{0}", "one two"),
            ("", ""),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn names_and_numbers_give_their_character() {
        for (entity, letter) in
            [("nbsp", '\u{a0}'), ("Agrave", 'À'), ("ccedil", 'ç'), ("yuml", 'ÿ'), ("mdash", '—'), ("#x1F600", '😀')]
        {
            assert_eq!(character(entity), Some(letter), "{entity}");
        }
        assert_eq!(character("#147"), Some('“'));
        for none in ["", "#", "#x", "#x110000", "#xd800", "#-1", "nosuch", "AMP;"] {
            assert_eq!(character(none), None, "{none}");
        }
    }
}
