//! What operators write.

use autocontent_runtime::Digest;
use autocontent_sources::Source;

/// A digest that a source may ask for.
fn digest() -> Digest {
    Digest::of(b"a component")
}

fn refused(text: &str) -> String {
    text.parse::<Source>().unwrap_err().to_string()
}

#[test]
fn what_is_written_is_shown_again() {
    let pinned = format!("https://example.com/a.wasm#{}", digest());
    for text in [
        "quote.wasm",
        "./quote.wasm",
        "/srv/providers/quote.wasm",
        "C:/quote.wasm",
        "a b#c.wasm",
        "https://example.com/a.wasm",
        "https://example.com:8443/a.wasm?version=2",
        "http://127.0.0.1:5000/a.wasm",
        "http://[::1]/a.wasm",
        "http://localhost/a.wasm",
        &pinned,
        "oci://localhost:5000/quote:1.0.0",
        "oci://ghcr.io/ana/providers/quote_of-the.day:latest",
        "oci://127.0.0.1/quote:1",
        "oci://[::1]:5000/quote:1",
        "oci://docker.io/ana/quote:1",
        &format!("oci://ghcr.io/ana/quote@{}", digest()),
        &format!("oci://ghcr.io/ana/quote:1@{}", digest()),
        &format!("oci://ghcr.io/{}:{}", "n".repeat(255), "t".repeat(128)),
    ] {
        assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
    }
}

#[test]
fn what_others_could_change_on_the_way_is_refused() {
    for text in [
        "http://example.com/a.wasm",
        "http://127.0.0.1.example.com/a.wasm",
        "http://localhost.example.com/a.wasm",
        "http://10.0.0.1/a.wasm",
        "http://[::2]/a.wasm",
    ] {
        assert_eq!(refused(text), format!("`{text}` is no source: others could change it on the way; use https"));
    }
}

#[test]
fn a_password_in_an_address_is_refused_and_not_repeated() {
    let said = refused("https://me:hunter2@example.com/a.wasm");
    assert_eq!(
        said,
        "`example.com` is no source: an address with a user or password would be kept and shown as it is; leave them out"
    );
}

#[test]
fn what_is_no_source_says_what_is() {
    let advice = "write a path, https://HOST/FILE.wasm or oci://REGISTRY/NAME:TAG";
    for text in ["", "ftp://example.com/a.wasm", "file:///a.wasm"] {
        assert_eq!(refused(text), format!("`{text}` is no source: {advice}"));
    }
    for text in ["https://", "https://exa mple.com/", "https://example.com:70000/"] {
        assert!(refused(text).ends_with("; correct the address"), "{}", refused(text));
    }
    let digest = digest().to_string();
    for fragment in ["", "sha256:", "latest", &digest[..70], &digest.to_uppercase()] {
        assert!(refused(&format!("https://example.com/a.wasm#{fragment}")).contains("must be the file's digest"));
    }
}

#[test]
fn only_a_source_that_names_no_digest_is_followed() {
    let follow = |text: &str| text.parse::<Source>().unwrap().follow().map(|source| source.to_string());
    assert_eq!(follow("quote.wasm").as_deref(), Some("quote.wasm"));
    assert_eq!(follow("https://example.com/a.wasm").as_deref(), Some("https://example.com/a.wasm"));
    assert_eq!(follow(&format!("https://example.com/a.wasm#{}", digest())), None);
    assert_eq!(follow("oci://ghcr.io/a/b:1").as_deref(), Some("oci://ghcr.io/a/b:1"));
    assert_eq!(follow(&format!("oci://ghcr.io/a/b:1@{}", digest())).as_deref(), Some("oci://ghcr.io/a/b:1"));
    assert_eq!(follow(&format!("oci://ghcr.io/a/b@{}", digest())), None);
}

#[test]
fn a_reference_without_tag_and_digest_is_the_latest() {
    assert_eq!("oci://ghcr.io/a/b".parse::<Source>().unwrap().to_string(), "oci://ghcr.io/a/b:latest");
}

#[test]
fn what_no_registry_takes_is_refused() {
    for text in [
        "oci://",
        "oci://quote",
        "oci:///quote",
        "oci://ghcr.io/",
        "oci://ghcr.io//quote",
        "oci://ghcr.io/Quote",
        "oci://ghcr.io/quote/",
        "oci://ghcr.io/../quote",
        "oci://ghcr.io/a..b",
        "oci://ghcr.io/a___b",
        "oci://ghcr.io/a-_b",
        "oci://ghcr.io/-a",
        "oci://ghcr.io/a.",
        "oci://ghcr.io/ä",
        "oci://ghcr.io/a?b",
        "oci://ghcr.io/a:",
        "oci://ghcr.io/a:-1",
        "oci://ghcr.io/a:1:2",
        "oci://ghcr.io/a:1/2",
        "oci://ghcr.io/a@sha256:12",
        "oci://GHCR.io/a",
        "oci://ghcr.io:443/a",
        "oci://ghcr.io:x/a",
        "oci://gh cr.io/a",
        &format!("oci://ghcr.io/{}", "n".repeat(256)),
        &format!("oci://ghcr.io/a:{}", "t".repeat(129)),
        &format!("oci://ghcr.io/a@{0}@{0}", digest()),
    ] {
        assert!(text.parse::<Source>().is_err(), "{text}");
    }
}

#[test]
fn a_password_in_a_reference_is_refused_and_not_repeated() {
    let said = refused("oci://me:hunter2@ghcr.io/a:1");
    assert!(said.starts_with("`ghcr.io` is no source: ") && !said.contains("hunter2"), "{said}");
}
