//! Writing text that Discord shows as it is meant.

/// `text` with every character escaped that Discord's Markdown would take as its own.
///
/// ```
/// assert_eq!(autocontent_sdk::markdown::escape("2 * 3 = snake_case"), r"2 \* 3 = snake\_case");
/// ```
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut so_far = Line::Blank;
    for letter in text.chars() {
        let special = match letter {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' => true,
            '#' | '>' | '-' | '+' => so_far == Line::Blank,
            '.' => so_far == Line::Number,
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(letter);
        so_far = match (letter, so_far) {
            ('\n', _) | (' ', Line::Blank) => Line::Blank,
            ('0'..='9', Line::Blank | Line::Number) => Line::Number,
            _ => Line::Text,
        };
    }
    escaped
}

/// What a field of an item shows at most, in UTF-16 code units.
pub const FIELD: usize = 1024;
/// What an item's text shows at most, in UTF-16 code units.
pub const TEXT: usize = 4096;

/// As many of `lines` as fit, each on a line of its own. `most` counts UTF-16 code units, as Discord does: [`FIELD`] or
/// [`TEXT`]. What is longer would be cut where it is shown, perhaps in the middle of a link, which is none then.
///
/// ```
/// assert_eq!(autocontent_sdk::markdown::lines(["[a](https://a.example)", "[b](https://b.example)"], 30), "[a](https://a.example)");
/// ```
pub fn lines<L: AsRef<str>>(lines: impl IntoIterator<Item = L>, most: usize) -> String {
    let (mut joined, mut length) = (String::new(), 0_usize);
    for line in lines {
        let line = line.as_ref();
        let gap = if joined.is_empty() { "" } else { "\n" };
        length = length.saturating_add(gap.len()).saturating_add(line.encode_utf16().count());
        if length > most {
            break;
        }
        joined.push_str(gap);
        joined.push_str(line);
    }
    joined
}

/// `label`, escaped, as a link to `url`. Characters that would end the link early are percent-encoded.
///
/// ```
/// let link = autocontent_sdk::markdown::link("C (language)", "https://en.wikipedia.org/wiki/C_(language)");
/// assert_eq!(link, "[C (language)](https://en.wikipedia.org/wiki/C_%28language%29)");
/// ```
pub fn link(label: &str, url: &str) -> String {
    let mut link = format!("[{}](", escape(label));
    for letter in url.chars().filter(|letter| !letter.is_control()) {
        match letter {
            ' ' => link.push_str("%20"),
            '(' => link.push_str("%28"),
            ')' => link.push_str("%29"),
            '<' => link.push_str("%3C"),
            '>' => link.push_str("%3E"),
            letter => link.push(letter),
        }
    }
    link.push(')');
    link
}

/// What stands in a line so far: headings, quotes and lists begin with a mark of their own, or a number and a full stop.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Blank,
    Number,
    Text,
}

/// `text`, escaped, as a block quote: every line set off.
///
/// ```
/// assert_eq!(autocontent_sdk::markdown::block_quote("one\ntwo"), "> one\n> two");
/// ```
pub fn block_quote(text: &str) -> String {
    let mut quote = String::with_capacity(text.len() + 8);
    for (number, line) in text.lines().enumerate() {
        quote.push_str(if number == 0 { "> " } else { "\n> " });
        quote.push_str(&escape(line));
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_marks_are_escaped_only_where_a_line_begins() {
        assert_eq!(escape("- no list\nwell-known\n  # no heading"), "\\- no list\nwell-known\n  \\# no heading");
        assert_eq!(escape("1914. A year, 3.5 wide"), "1914\\. A year, 3.5 wide");
    }

    #[test]
    fn a_verse_is_quoted_line_by_line() {
        assert_eq!(block_quote("O *mar*\n\nsalgado"), "> O \\*mar\\*\n> \n> salgado");
    }

    #[test]
    fn lines_are_left_out_whole_where_they_do_not_fit() {
        assert_eq!(lines(["ab", "cd", "e"], 5), "ab\ncd");
        assert_eq!(lines(["😀😀", "a"], 4), "😀😀");
        assert_eq!(lines(["too long", "a"], 4), "");
    }
}
