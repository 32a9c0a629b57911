//! From the BBCode and HTML of Steam's texts to plain text.

use autocontent_sdk::html;

/// Bytes that are read of a text; far more than is ever shown.
const MOST: usize = 16 << 10;

/// What a reader would see of a text: no tags, pictures or videos, entities resolved, spaces collapsed, blocks on lines of
/// their own. What Steam cut off in the middle of a tag ends before that tag.
pub(crate) fn plain(markup: &str) -> String {
    let mut html = String::new();
    let mut rest = markup.get(..markup.floor_char_boundary(MOST)).unwrap_or_default();
    while let Some((before, mark)) = rest.find(['<', '[', '\\', '{', '\n']).and_then(|at| rest.split_at_checked(at)) {
        html.push_str(before);
        // A sign that begins nothing stands for itself.
        let Some((meaning, after)) = read(mark).or_else(|| mark.split_at_checked(1)) else { break };
        html.push_str(meaning);
        rest = after;
    }
    html.push_str(rest);
    html::plain(&html)
}

/// What stands at the beginning of `text`, which is one of the signs, as HTML, and what comes after it.
fn read(text: &str) -> Option<(&str, &str)> {
    let (sign, inner) = text.split_at_checked(1)?;
    match sign {
        "\n" => Some(("<br>", inner)),
        "\\" => inner.starts_with(['[', ']', '\\']).then(|| inner.split_at_checked(1))?,
        // The address of a picture: {STEAM_CLAN_IMAGE}/3381077/….png
        "{" => {
            let address = inner.strip_prefix("STEAM_CLAN_")?;
            let end = address.find(|letter: char| letter.is_whitespace() || matches!(letter, '[' | '<' | ']'));
            Some(("", address.get(end.unwrap_or(address.len())..)?))
        }
        // HTML, as it is.
        "<" => {
            let is_tag = inner.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!'));
            is_tag.then(|| text.split_at_checked(text.find('>').map_or(text.len(), |end| end + 1)))?
        }
        _ => tag(inner),
    }
}

/// A tag of BBCode, of which the opening sign was read. Only what is known is one: people write brackets, too.
fn tag(text: &str) -> Option<(&'static str, &str)> {
    let inner = text.strip_prefix('/').unwrap_or(text);
    let begins = inner.len() == text.len();
    let name = inner.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '*').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let meaning = match name.as_str() {
        "*" | "li" if begins => "<li>",
        "*" | "li" | "br" | "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "list" | "olist" | "ul"
        | "ol" | "quote" | "blockquote" | "code" | "table" | "tr" | "carousel" | "expand" => "<br>",
        "td" | "th" => "<td>",
        "b" | "i" | "u" | "s" | "strike" | "url" | "img" | "video" | "previewyoutube" | "noparse" | "spoiler" | "c"
        | "dynamiclink" => "",
        _ => return None,
    };
    let Some((_, rest)) = text.split_once(']') else { return Some(("", "")) };
    let hides = begins && matches!(name.as_str(), "img" | "video" | "previewyoutube" | "dynamiclink");
    Some((meaning, if hides { after_end(rest, &name) } else { rest }))
}

/// What comes after the end tag of this name.
fn after_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once('/') {
        rest = tag;
        let named = tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if let Some(after) = tag.get(name.len()..).filter(|_| named).and_then(|after| after.strip_prefix(']')) {
            return after;
        }
    }
    ""
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
}
