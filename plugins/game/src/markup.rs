//! From the BBCode and HTML of Steam's texts to plain text.

/// Bytes that are read of a text; far more than is ever shown.
const MOST: usize = 16 << 10;
/// Bytes of an entity's name or number.
const LONGEST_ENTITY: usize = 10;

/// What a reader would see of a text: no tags, pictures or videos, entities resolved, spaces collapsed, blocks on lines of
/// their own. What Steam cut off in the middle of a tag ends before that tag.
pub(crate) fn plain(markup: &str) -> String {
    let mut text = Text::default();
    let mut rest = markup.get(..markup.floor_char_boundary(MOST)).unwrap_or_default();
    while let Some(at) = rest.find(['<', '[', '&', '\\', '{']) {
        let (before, mark) = rest.split_at(at);
        text.push_str(before);
        rest = match read(mark) {
            Some((Mark::Letter(letter), after)) => {
                text.push(letter);
                after
            }
            Some((Mark::Line, after)) => {
                text.end_line();
                after
            }
            Some((Mark::Entry, after)) => {
                text.end_line();
                text.push_str("• ");
                after
            }
            Some((Mark::Nothing, after)) => after,
            // A sign that begins nothing stands for itself.
            None => {
                let mut letters = mark.chars();
                if let Some(letter) = letters.next() {
                    text.push(letter);
                }
                letters.as_str()
            }
        };
    }
    text.push_str(rest);
    text.text
}

/// `text` up to so many characters, cut between words, with an ellipsis where something was cut.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    let words = head.trim_end().rsplit_once(char::is_whitespace).map_or(head.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end())
}

/// What a sign begins.
enum Mark {
    Letter(char),
    Line,
    /// An entry of a list.
    Entry,
    Nothing,
}

/// What stands at the beginning of `text`, which is one of the signs, and what comes after it.
fn read(text: &str) -> Option<(Mark, &str)> {
    let (sign, inner) = text.split_at_checked(1)?;
    match sign {
        "\\" => {
            let letter = inner.chars().next().filter(|letter| matches!(letter, '[' | ']' | '\\'))?;
            Some((Mark::Letter(letter), inner.get(1..)?))
        }
        // The address of a picture: {STEAM_CLAN_IMAGE}/3381077/….png
        "{" => {
            let address = inner.strip_prefix("STEAM_CLAN_")?;
            let end = address.find(|letter: char| letter.is_whitespace() || matches!(letter, '[' | '<' | ']'));
            Some((Mark::Nothing, address.get(end.unwrap_or(address.len())..)?))
        }
        "&" => entity(inner),
        "<" => {
            let first = inner.chars().next()?;
            (first.is_ascii_alphabetic() || matches!(first, '/' | '!')).then(|| tag(inner, '>', true))?
        }
        _ => tag(inner, ']', false),
    }
}

/// An entity, of which the `&` was read.
fn entity(text: &str) -> Option<(Mark, &str)> {
    let end = text.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';')?;
    let (name, rest) = (text.get(..end)?, text.get(end + 1..)?);
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((Mark::Letter(letter), rest))
}

/// The entities that Steam's editors write.
const ENTITIES: [(&str, char); 22] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("reg", '®'),
    ("trade", '™'),
    ("copy", '©'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("middot", '·'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("deg", '°'),
    ("times", '×'),
];

/// A tag, of which the opening sign was read. In BBCode, only what is known is one: people write brackets, too.
fn tag(text: &str, close: char, html: bool) -> Option<(Mark, &str)> {
    let inner = text.strip_prefix('/').unwrap_or(text);
    let name = inner.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '*').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let mark = match name.as_str() {
        "*" | "li" if inner.len() == text.len() => Mark::Entry,
        "*" | "li" | "br" | "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "list" | "olist" | "ul"
        | "ol" | "quote" | "blockquote" | "code" | "table" | "tr" | "carousel" | "expand" => Mark::Line,
        "td" | "th" => Mark::Letter(' '),
        "b" | "i" | "u" | "s" | "strike" | "url" | "img" | "video" | "previewyoutube" | "noparse" | "spoiler" | "c"
        | "dynamiclink" | "script" | "style" => Mark::Nothing,
        _ if html => Mark::Nothing,
        _ => return None,
    };
    let Some((_, rest)) = text.split_once(close) else { return Some((Mark::Nothing, "")) };
    let hides = match name.as_str() {
        "img" | "video" | "previewyoutube" | "dynamiclink" => !html,
        "script" | "style" => html,
        _ => false,
    };
    Some((mark, if hides && inner.len() == text.len() { after_end(rest, &name) } else { rest }))
}

/// What comes after the end tag of this name.
fn after_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once('/') {
        rest = tag;
        let named = tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if let Some(after) = tag.get(name.len()..).filter(|_| named).and_then(|after| after.strip_prefix([']', '>'])) {
            return after;
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
        if letter == '\n' {
            self.end_line();
        } else if letter.is_whitespace() {
            self.gap = self.gap.or(Some(' '));
        } else if !letter.is_control() {
            if let Some(gap) = self.gap.take().filter(|_| !self.text.is_empty()) {
                self.text.push(gap);
            }
            self.text.push(letter);
        }
    }

    fn push_str(&mut self, letters: &str) {
        for letter in letters.chars() {
            self.push(letter);
        }
    }

    fn end_line(&mut self) {
        self.gap = Some('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_reader_would_see_is_left() {
        for (markup, text) in [
            ("[h2]New[/h2]\n[b]Fixed[/b] a [url=https://x.example]crash[/url].", "New\nFixed a crash."),
            ("[list][*]One[*]Two[/list]End", "• One\n• Two\nEnd"),
            ("[p]One[/p][p]Two[/p]", "One\nTwo"),
            ("A[img]{STEAM_CLAN_IMAGE}/1/x.png[/img]B{STEAM_CLAN_IMAGE}/2/y.png C", "AB C"),
            ("[img src=\"{STEAM_CLAN_IMAGE}/1/x.png\"][/img]Text", "Text"),
            ("[previewyoutube=abc;full][/previewyoutube]Watch", "Watch"),
            ("Map [WIP] has 2 < 3 & \\[brackets\\]", "Map [WIP] has 2 < 3 & [brackets]"),
            (
                "<p>Caf&#233; <a href=\"https://x.example\">R&amp;D</a></p><br/>x&nbsp;&quot;y&quot;",
                "Café R&D\nx \"y\"",
            ),
            ("a<script>alert(1/2)</script>b<STYLE>p{}</Style>c", "abc"),
            ("Cut off in a [url=https://x.exa", "Cut off in a"),
            ("Cut off in a <a href=", "Cut off in a"),
            ("Cut off in an &unknown; {brace} &#x110000; &", "Cut off in an &unknown; {brace} &#x110000; &"),
            ("one\n\n\n  two\t three\u{0}", "one\ntwo three"),
            ("", ""),
        ] {
            assert_eq!(plain(markup), text, "{markup}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shortened("one two three", 13), "one two three");
        assert_eq!(shortened("one two three", 10), "one two…");
        assert_eq!(shortened("éééééé", 4), "ééé…");
    }
}
