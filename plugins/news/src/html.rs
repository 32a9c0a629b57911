//! From the HTML that stands in feeds to plain text.

use crate::entity::resolved;

/// Bytes between `&` and `;`.
const LONGEST_ENTITY: usize = 12;

/// What a reader would see of a piece of HTML, in one line for each block: no tags, scripts or comments, entities
/// resolved, spaces collapsed.
pub(crate) fn plain(html: &str) -> String {
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

/// `text` up to so many characters, cut between words, with an ellipsis where something was cut.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or_default();
    let words =
        head.rfind(char::is_whitespace).and_then(|end| head.get(..end)).filter(|words| !words.trim().is_empty());
    format!("{}…", words.unwrap_or(head).trim_end().trim_end_matches([',', ';', ':']))
}

/// What a `<` or `&` begins.
enum Markup {
    Letter(char),
    /// A tag that begins or ends a line.
    Block,
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
    Some((Markup::Letter(resolved(name)?), rest))
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
            ("", ""),
        ] {
            assert_eq!(plain(html), text, "{html}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shortened("one, two three", 14), "one, two three");
        assert_eq!(shortened("one, two three", 10), "one, two…");
        assert_eq!(shortened("one, two three", 5), "one…");
        assert_eq!(shortened("éééé", 2), "éé…");
    }
}
