//! Writing text that Discord shows as it is meant.

/// `text` with every character escaped that Discord's Markdown would take as its own.
///
/// ```
/// assert_eq!(autocontent_sdk::markdown::escape("2 * 3 = snake_case"), r"2 \* 3 = snake\_case");
/// ```
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut at_line_start = true;
    for letter in text.chars() {
        let special = match letter {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' => true,
            // Headings, quotes and lists, where a line begins.
            '#' | '>' | '-' | '+' => at_line_start,
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(letter);
        at_line_start = letter == '\n' || (at_line_start && letter == ' ');
    }
    escaped
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
    }

    #[test]
    fn a_verse_is_quoted_line_by_line() {
        assert_eq!(block_quote("O *mar*\n\nsalgado"), "> O \\*mar\\*\n> \n> salgado");
    }
}
