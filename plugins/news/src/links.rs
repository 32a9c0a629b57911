//! Addresses in feeds: often relative, sometimes with letters that no address has, and now and then no address at all.

use autocontent_sdk::http::encode;
use fluent_uri::{Uri, UriRef};

/// Bytes of an address that is still of use.
const LONGEST: usize = 2000;

/// What `reference` means in a document at `base`, as an https address, or none where it is nothing to go to. Those with
/// `http` are turned into `https`, which nearly every server has by now.
pub(crate) fn resolve(base: &str, reference: &str) -> Option<String> {
    let reference = tidy(reference.trim());
    let reference = UriRef::parse(reference.as_str()).ok().filter(|reference| !reference.as_str().is_empty())?;
    let base = Uri::parse(base).ok()?;
    let uri = reference.resolve_against(&base.strip_fragment()).ok()?;
    let authority = uri.authority()?;
    let (scheme, rest) = uri.as_str().split_once(':')?;
    let is_plain = scheme.eq_ignore_ascii_case("http");
    let good = (is_plain || scheme.eq_ignore_ascii_case("https"))
        && !authority.host().is_empty()
        && authority.userinfo().is_none()
        // Another port speaks no https.
        && !(is_plain && authority.port().is_some_and(|port| !port.is_empty()))
        && rest.len() <= LONGEST;
    good.then(|| format!("https:{rest}"))
}

/// Percent-encodes what stands in no address.
fn tidy(reference: &str) -> String {
    let mut tidy = String::with_capacity(reference.len());
    let mut rest = reference.chars();
    while let Some(letter) = rest.next() {
        let stands = match letter {
            '%' => rest.as_str().bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2,
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
            letter => letter.is_ascii_graphic(),
        };
        if stands {
            tidy.push(letter);
        } else if !letter.is_control() {
            tidy.push_str(&encode(letter.encode_utf8(&mut [0; 4])));
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_against_the_feed() {
        let base = "https://news.example/feeds/world.xml?x=1#top";
        for (reference, resolved) in [
            ("/a/1", "https://news.example/a/1"),
            ("2.html", "https://news.example/feeds/2.html"),
            ("../b?c=d", "https://news.example/b?c=d"),
            ("//cdn.example/p.jpg", "https://cdn.example/p.jpg"),
            (" http://old.example/x#y ", "https://old.example/x#y"),
            ("https://x.example/São Paulo/100%|\u{1}", "https://x.example/S%C3%A3o%20Paulo/100%25%7C"),
            ("https://x.example:8443/a", "https://x.example:8443/a"),
        ] {
            assert_eq!(resolve(base, reference).as_deref(), Some(resolved), "{reference}");
        }
    }

    #[test]
    fn what_leads_nowhere_safe_is_none() {
        let long = format!("/{}", "a".repeat(2000));
        for reference in [
            "",
            " ",
            "javascript:alert(1)",
            "mailto:a@b.example",
            "data:text/html,x",
            "https://",
            "https:///x",
            "https://me:pass@x.example/",
            "http://x.example:8080/",
            "https://[::1/",
            &long,
        ] {
            assert_eq!(resolve("https://news.example/", reference), None, "{reference}");
        }
        assert_eq!(resolve("no base", "/a"), None);
    }
}
