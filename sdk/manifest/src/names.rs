//! Names that a manifest gives to things, each its own type so that none is taken for another.

use crate::text::checked_text;

checked_text!(
    /// A provider's id: `[a-z][a-z0-9-]{1,31}`, unique on a host.
    ProviderId,
    "a provider's id",
    "use 2 to 32 of a-z, 0-9 and -, beginning with a letter",
    |text| text.len() >= 2 && is_slug(text)
);

checked_text!(
    /// The name of a command or subcommand by Discord's rule: 1 to 32 lower-case letters, digits, `-`, `_` and `'`.
    CommandName,
    "a command name",
    "use 1 to 32 lower-case letters, digits, -, _ and '",
    is_discord_name
);

checked_text!(
    /// The name of a command's option, by the same rule as [`CommandName`].
    OptionName,
    "an option name",
    "use 1 to 32 lower-case letters, digits, -, _ and '",
    is_discord_name
);

checked_text!(
    /// A kind of content, such as "meme" or "quote": `[a-z][a-z0-9-]{0,31}`.
    Kind,
    "a kind of content",
    "use 1 to 32 of a-z, 0-9 and -, beginning with a letter, such as \"quote\"",
    is_slug
);

checked_text!(
    /// The name of a secret that the operator fills in: `[a-z][a-z0-9-]{0,31}`.
    SecretName,
    "a secret's name",
    "use 1 to 32 of a-z, 0-9 and -, beginning with a letter, such as \"api-key\"",
    is_slug
);

checked_text!(
    /// The name of a setting that the operator may change: `[a-z][a-z0-9-]{0,31}`.
    SettingName,
    "a setting's name",
    "use 1 to 32 of a-z, 0-9 and -, beginning with a letter, such as \"country\"",
    is_slug
);

checked_text!(
    /// An HTTP header that a secret may be sent in: 1 to 64 of letters, digits and `-_`. The headers that the host itself
    /// decides on (`Host`, `Content-Length`, those of the connection) are refused.
    HeaderName,
    "a header that may be set",
    "use 1 to 64 letters, digits, - and _, such as \"X-Api-Key\", and none that HTTP itself needs, such as Host or Content-Length",
    is_header
);

checked_text!(
    /// A parameter of a URL's query that a secret may be sent in: 1 to 64 of letters, digits and `-_.[]`.
    QueryName,
    "a query parameter's name",
    "use 1 to 64 letters, digits, -, _, ., [ and ], such as \"apiKey\"",
    |text| (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.[]".contains(c))
);

/// Headers that describe the message or the connection, and so belong to the host.
const HEADERS_OF_HTTP: [&str; 12] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

fn is_header(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !HEADERS_OF_HTTP.iter().any(|header| header.eq_ignore_ascii_case(text))
}

fn is_slug(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, lower case. The standard library's `is_alphabetic` stands for `\p{L}`:
/// it also takes in some combining marks, which Discord itself then refuses.
fn is_discord_name(text: &str) -> bool {
    (1..=32).contains(&text.chars().count()) && text.chars().all(|c| is_name_character(c) && is_lower(c))
}

fn is_name_character(c: char) -> bool {
    c == '-' || c == '_' || c == '\'' || c.is_alphabetic() || c.is_numeric() || is_devanagari(c) || is_thai(c)
}

/// A letter without a lower-case form counts as lower.
fn is_lower(c: char) -> bool {
    c.to_lowercase().eq([c])
}

/// The script, marks included; U+0951–0954 and the dandas U+0964–0965 are shared between scripts and not part of it.
fn is_devanagari(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{950}' | '\u{955}'..='\u{963}' | '\u{966}'..='\u{97f}' | '\u{a8e0}'..='\u{a8ff}' | '\u{11b00}'..='\u{11b09}')
}

fn is_thai(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e5b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discord_names() {
        for good in [
            "a",
            "quote",
            "top-10",
            "it's_me",
            "notícias",
            "новости",
            "समाचार",
            "ข่าววันนี้",
            "名言",
            "ß",
            &"x".repeat(32),
            &"é".repeat(32),
        ] {
            assert!(good.parse::<CommandName>().is_ok(), "{good}");
            assert!(good.parse::<OptionName>().is_ok(), "{good}");
        }
        for bad in ["", "Quote", "É", "two words", "a.b", "a:b", "/a", "🙂", "a\u{200b}", "।", &"x".repeat(33)] {
            assert!(bad.parse::<CommandName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn provider_ids() {
        for good in ["ab", "news", "a1-b", &"a".repeat(32)] {
            assert!(good.parse::<ProviderId>().is_ok(), "{good}");
        }
        for bad in ["", "a", "1a", "-a", "News", "ne_ws", "né", &"a".repeat(33)] {
            assert!(bad.parse::<ProviderId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_of_the_connection_are_not_for_secrets() {
        assert!("X-Api-Key".parse::<HeaderName>().is_ok());
        assert!("authorization".parse::<HeaderName>().is_ok());
        for bad in ["", "Host", "content-LENGTH", "Transfer-Encoding", "a b", "a:b", "a\r\nb", "é"] {
            assert!(bad.parse::<HeaderName>().is_err(), "{bad:?}");
        }
    }
}
