//! Every way to write an address or a host that is meant to be read differently by two programs.

use autocontent_gate::CallGate;
use autocontent_runtime::contract::http::Error;

use crate::world::{World, access, get};

/// Granted everything that a manifest can name, so that only the address is left to refuse.
const GRANTED: [&str; 22] = [
    "localhost",
    "*.example.com",
    "example.com",
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[fe80::1]",
    "[fd00::1]",
    "[64:ff9b::a00:1]",
    "[2001:db8::7]",
    "[2002:7f00:1::]",
];

const NOT_PUBLIC: &str = "is not a public address";
const NOT_GRANTED: &str = "is not among the granted hosts";

/// What is asked for, and what the refusal says.
const REFUSED: &[(&str, &str)] = &[
    // Plain.
    ("https://127.0.0.1/", NOT_PUBLIC),
    ("https://127.1.2.3/", NOT_PUBLIC),
    ("https://0.0.0.0/", NOT_PUBLIC),
    ("https://10.0.0.1/", NOT_PUBLIC),
    ("https://100.64.0.1/", NOT_PUBLIC),
    ("https://169.254.169.254/latest/meta-data/", NOT_PUBLIC),
    ("https://172.16.0.1/", NOT_PUBLIC),
    ("https://192.168.0.1/", NOT_PUBLIC),
    ("https://192.0.2.1/", NOT_PUBLIC),
    ("https://198.18.0.1/", NOT_PUBLIC),
    ("https://203.0.113.7/", NOT_PUBLIC),
    ("https://224.0.0.1/", NOT_PUBLIC),
    ("https://255.255.255.255/", NOT_PUBLIC),
    ("https://[::1]/", NOT_PUBLIC),
    ("https://[fe80::1]/", NOT_PUBLIC),
    ("https://[fd00::1]/", NOT_PUBLIC),
    ("https://[64:ff9b::a00:1]/", NOT_PUBLIC),
    ("https://[2001:db8::7]/", NOT_PUBLIC),
    ("https://[2002:7f00:1::]/", NOT_PUBLIC),
    // Other bases, short and whole numbers.
    ("https://2130706433/", NOT_PUBLIC),
    ("https://0x7f000001/", NOT_PUBLIC),
    ("https://0x7F.1/", NOT_PUBLIC),
    ("https://0x7f.0x0.0x0.0x1/", NOT_PUBLIC),
    ("https://017700000001/", NOT_PUBLIC),
    ("https://0177.0.0.1/", NOT_PUBLIC),
    ("https://0177.0.0.01/", NOT_PUBLIC),
    ("https://127.1/", NOT_PUBLIC),
    ("https://127.0.1/", NOT_PUBLIC),
    ("https://10.1/", NOT_PUBLIC),
    ("https://0/", NOT_PUBLIC),
    ("https://2852039166/", NOT_PUBLIC),
    ("https://0xa9fea9fe/", NOT_PUBLIC),
    ("https://0251.0376.0251.0376/", NOT_PUBLIC),
    ("https://169.254.43518/", NOT_PUBLIC),
    // Escaped, wide and with dots that only look like dots.
    ("https://%31%32%37.0.0.1/", NOT_PUBLIC),
    ("https://127%2e0%2e0%2e1/", NOT_PUBLIC),
    ("https://１２７.0.0.1/", NOT_PUBLIC),
    ("https://①②⑦.0.0.1/", NOT_PUBLIC),
    ("https://127。0。0。1/", NOT_PUBLIC),
    ("https://127．0．0．1/", NOT_PUBLIC),
    ("https://[0:0:0:0:0:0:0:1]/", NOT_PUBLIC),
    ("https://[0000:0000:0000:0000:0000:0000:0000:0001]/", NOT_PUBLIC),
    ("https://127.0.0.1./", NOT_PUBLIC),
    // Slashes, whitespace and upper case that a URL parser straightens.
    ("https:127.0.0.1/", NOT_PUBLIC),
    ("https:\\\\127.0.0.1\\", NOT_PUBLIC),
    ("https:///127.0.0.1/", NOT_PUBLIC),
    ("  https://127.0.0.1/  ", NOT_PUBLIC),
    ("https://127.\t0.0.\n1/", NOT_PUBLIC),
    ("HTTPS://127.0.0.1/", NOT_PUBLIC),
    // Forms that no manifest can name.
    ("https://[::]/", NOT_GRANTED),
    ("https://[::ffff:127.0.0.1]/", NOT_GRANTED),
    ("https://[::ffff:7f00:1]/", NOT_GRANTED),
    ("https://[::127.0.0.1]/", NOT_GRANTED),
    ("https://[64:ff9b::127.0.0.1]/", NOT_GRANTED),
    ("https://[64:ff9b:1::7f00:1]/", NOT_GRANTED),
    ("https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", NOT_GRANTED),
    ("https://[fec0::1]/", NOT_GRANTED),
    ("https://[ff02::1]/", NOT_GRANTED),
    // Names that look like a granted one.
    ("https://example.com./", NOT_GRANTED),
    ("https://example.com../", NOT_GRANTED),
    ("https://exаmple.com/", NOT_GRANTED), // a Cyrillic letter
    ("https://xn--exmple-4nf.com/", NOT_GRANTED),
    ("https://example.com.evil.test/", NOT_GRANTED),
    ("https://evilexample.com/", NOT_GRANTED),
    ("https://.example.com/", NOT_GRANTED),
    ("https://a..example.com/", NOT_GRANTED),
    ("https://evil.test/example.com", NOT_GRANTED),
    ("https://evil.test#@example.com/", NOT_GRANTED),
    ("https://evil.test\\@example.com/", NOT_GRANTED),
    ("https://evil.test?@example.com/", NOT_GRANTED),
    ("https://ⓔvil.test/", NOT_GRANTED),
    // User and password.
    ("https://example.com@evil.test/", "user or password"),
    ("https://user@example.com/", "user or password"),
    ("https://user:pass@example.com/", "user or password"),
    ("https://:pass@example.com/", "user or password"),
    ("https://example.com%2f@evil.test/", "user or password"),
    ("https://127.0.0.1@example.com/", "user or password"),
    // Ports.
    ("https://example.com:22/", "port 22 of example.com is not granted"),
    ("https://example.com:80/", "port 80 of example.com is not granted"),
    ("https://example.com:8443/", "port 8443 of example.com is not granted"),
    ("https://127.0.0.1:6379/", "port 6379 of 127.0.0.1 is not granted"),
    ("https://example.com:0/", "port 0 of example.com is not granted"),
    ("https://example.com:65536/", "can't be read"),
    // Schemes.
    ("http://example.com/", "granted over https only"),
    ("HTTP://EXAMPLE.COM/", "granted over https only"),
    ("ftp://example.com/", "ftp: is no scheme"),
    ("file:///etc/passwd", "file: is no scheme"),
    ("gopher://example.com:70/_x", "gopher: is no scheme"),
    ("ws://example.com/", "ws: is no scheme"),
    ("data:text/plain,hi", "data: is no scheme"),
    ("javascript:alert(1)", "javascript: is no scheme"),
    ("unix:/run/docker.sock", "unix: is no scheme"),
    // No URL.
    ("", "can't be read"),
    ("/path", "can't be read"),
    ("//example.com/", "can't be read"),
    ("example.com", "can't be read"),
    ("https://", "can't be read"),
    ("https://?", "can't be read"),
    ("https://exa mple.com/", "can't be read"),
    ("https://exam\0ple.com/", "can't be read"),
    ("https://[::1/", "can't be read"),
    ("https://[::1%25eth0]/", "can't be read"),
    ("https://[127.0.0.1]/", "can't be read"),
    ("https://256.256.256.256/", "can't be read"),
    ("https://0x100000000/", "can't be read"),
    ("https://1.2.3.4.5/", "can't be read"),
    ("https://%00.example.com/", "can't be read"),
    ("https://example.com%0d%0aX:1/", "can't be read"),
    ("https://example.com%23/", "can't be read"),
];

async fn refusal(call: &CallGate, url: &str) -> String {
    match get(call, url).await {
        Err(Error::Denied(text) | Error::InvalidRequest(text)) => text,
        other => panic!("{url}: {other:?}"),
    }
}

#[tokio::test]
async fn every_spelling_is_refused_for_what_it_is_without_a_lookup() {
    let world = World::new();
    let provider = world.gate().provider(access(&GRANTED));
    let mut wrong = Vec::new();
    for (url, expected) in REFUSED {
        let text = refusal(&provider.call(), url).await;
        if !text.contains(expected) {
            wrong.push(format!("{url:?}: {text}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(world.lookups().is_empty(), "nothing was looked up");
}

#[tokio::test]
async fn names_are_refused_where_they_lead_into_the_own_network() {
    let world = World::with_names(|host, _| {
        let address = match host {
            "mapped.example.com" => "::ffff:10.0.0.1",
            "metadata.example.com" => "169.254.169.254",
            "site.example.com" => "fec0::1",
            _ => "127.0.0.1",
        };
        vec![address.parse().unwrap()]
    });
    let provider = world.gate().provider(access(&GRANTED));
    let hosts = ["localhost", "mapped.example.com", "metadata.example.com", "site.example.com", "example.com"];
    for host in hosts {
        let text = refusal(&provider.call(), &format!("https://{host}/")).await;
        assert_eq!(text, format!("{host} leads to an address that is not public"));
    }
    assert_eq!(world.lookups(), hosts);
}

#[tokio::test]
async fn a_url_may_be_as_long_as_its_bound() {
    let world = World::with_names(|_, _| Vec::new());
    let provider = world.gate().provider(access(&["example.com"]));
    let url = |length: usize| format!("{:x<length$}", "https://example.com/");
    let longest = get(&provider.call(), &url(8192)).await;
    assert_eq!(longest, Err(Error::Unreachable("no address of example.com is known".into())));
    let text = refusal(&provider.call(), &url(8193)).await;
    assert_eq!(text, "the URL has 8193 bytes; at most 8192 are sent");
    let spaces = format!("https://example.com/{}", " x".repeat(4000));
    assert_eq!(refusal(&provider.call(), &spaces).await, "the URL is too long; at most 8192 bytes are sent");
}
