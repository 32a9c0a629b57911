//! Secrets: where they go, and that they never come back.

use std::io::Write;
use std::sync::{Arc, Mutex};

use async_compression::tokio::bufread::GzipEncoder;
use autocontent_gate::HostSecret;
use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Error, Method, Request, Response};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::AsyncReadExt as _;
use tracing::instrument::WithSubscriber as _;

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, get_with, header_secret, line, query_secret, request};

/// Characters that each way of escaping changes.
const CANARY: &str = "cAnAry/+&\"<é>='%s3cr3t";

#[tokio::test]
async fn a_secret_goes_to_its_own_host_in_its_own_place() {
    let upstream = Upstream::https(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream).with("b.example.com", &upstream);
    let mut granted = access(&["*.example.com"]);
    let mut second = query_secret("*.example.com", "key", "second-secret");
    second.name = "second".parse().unwrap();
    granted.secrets = vec![header_secret("a.example.com", "X-Api-Key", "first-secret"), second];
    let call = world.gate().provider(granted).call();
    for host in ["a", "b"] {
        let url = format!("https://{host}.example.com:{}/path?q=1", upstream.port);
        assert_eq!(get(&call, &url).await.unwrap().url, url, "the guest doesn't see it");
    }
    let seen = upstream.seen();
    assert_eq!(seen[0].header("x-api-key"), Some("first-secret"));
    assert_eq!(seen[1].header("x-api-key"), None);
    assert!(seen.iter().all(|seen| seen.uri.query() == Some("q=1&key=second-secret")));
}

#[tokio::test]
async fn the_secret_stands_in_the_place_of_what_the_guest_wrote_there() {
    let upstream = Upstream::https(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let mut granted = access(&["a.example.com"]);
    let parameter = query_secret("a.example.com", "apiKey", "the-parameter");
    granted.secrets = vec![header_secret("a.example.com", "Authorization", "Bearer the-header"), parameter];
    let call = world.gate().provider(granted).call();
    let url = format!("https://a.example.com:{}/?apiKey=mine&x=a+b&%61piKey=mine&apiKey", upstream.port);
    get_with(&call, &url, &[("authorization", "mine"), ("AUTHORIZATION", "mine")]).await.unwrap();
    let seen = &upstream.seen()[0];
    assert_eq!(seen.headers.get_all("authorization").iter().collect::<Vec<_>>(), ["Bearer the-header"]);
    assert_eq!(seen.uri.query(), Some("x=a+b&apiKey=the-parameter"));
}

#[tokio::test]
async fn a_secret_is_sent_over_https_only_unless_the_host_is_for_development() {
    let upstream = Upstream::http(|_| answer(200, &[], "")).await;
    let world = World::with_names(|_, _| vec!["1.1.1.1".parse().unwrap()]).with("127.0.0.1", &upstream);
    let mut granted = access(&["a.example.com", "127.0.0.1"]);
    granted.plain_http = vec!["a.example.com".parse().unwrap()];
    granted.secrets =
        vec![header_secret("a.example.com", "x-key", CANARY_ASCII), header_secret("127.0.0.1", "x-key", CANARY_ASCII)];
    let call = world.gate().provider(granted).call();
    let fault = get(&call, "http://a.example.com/").await;
    assert_eq!(fault, Err(Error::Denied("the secret api-key is sent over https only".into())));
    assert_eq!(world.lookups(), [""; 0]);
    get(&call, &format!("http://127.0.0.1:{}/", upstream.port)).await.unwrap();
    assert_eq!(upstream.seen()[0].header("x-key"), Some(CANARY_ASCII));
}

const CANARY_ASCII: &str = "cAnAry-s3cr3t-value";

#[tokio::test]
async fn a_secret_that_cannot_be_kept_or_sent_is_not_sent() {
    let upstream = Upstream::https(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let gate = world.gate();
    for (value, outcome) in [
        ("at least", Ok(())),
        ("shorter", Err("the secret api-key is not sent, as less than 8 bytes can't be kept secret")),
        ("", Err("the secret api-key is not sent, as less than 8 bytes can't be kept secret")),
        ("two\nlines", Err("the secret api-key has characters that no header can hold")),
    ] {
        let mut granted = access(&["a.example.com"]);
        granted.secrets = vec![header_secret("a.example.com", "x-key", value)];
        let call = gate.provider(granted).call();
        let sent = get(&call, &format!("https://a.example.com:{}/", upstream.port)).await.map(drop);
        assert_eq!(sent, outcome.map_err(|text| Error::Denied(text.into())), "{value:?}");
    }
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn no_range_is_asked_for_where_a_secret_could_come_back_in_parts() {
    let upstream = Upstream::https(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream).with("b.example.com", &upstream);
    let mut granted = access(&["*.example.com"]);
    granted.secrets = vec![header_secret("a.example.com", "x-key", CANARY_ASCII)];
    let call = world.gate().provider(granted).call();
    let url = |host: &str| format!("https://{host}.example.com:{}/", upstream.port);
    let fault = get_with(&call, &url("a"), &[("range", "bytes=0-9")]).await;
    let text = "no range is asked for where the secret api-key is sent";
    assert_eq!(fault, Err(Error::InvalidRequest(text.into())));
    assert_eq!(get_with(&call, &url("b"), &[("range", "bytes=0-9")]).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_redirect_takes_a_secret_nowhere_else() {
    let other = Upstream::https(|_| answer(200, &[], "")).await;
    let port = other.port;
    let upstream = Upstream::https(move |seen| {
        let key = seen.uri.query().unwrap().to_owned();
        match seen.uri.path() {
            // Sends along all that it was asked with, as many servers do.
            "/out" => answer(307, &[("location", &format!("https://b.example.com:{port}/?{key}&x={key}"))], ""),
            "/round" => answer(302, &[("location", &format!("/end?{key}"))], ""),
            _ => answer(200, &[], "end"),
        }
    })
    .await;
    let world = World::new().with("a.example.com", &upstream).with("b.example.com", &other);
    let mut granted = access(&["*.example.com"]);
    granted.secrets = vec![
        query_secret("a.example.com", "key", CANARY_ASCII),
        header_secret("a.example.com", "x-key", "header-s3cr3t"),
    ];
    let call = world.gate().provider(granted).call();
    let response = get(&call, &format!("https://a.example.com:{}/out", upstream.port)).await.unwrap();
    let seen = &other.seen()[0];
    assert_eq!(seen.uri.query(), Some("key=[secret]&x=key=[secret]"));
    assert_eq!(seen.header("x-key"), None);
    assert_eq!(response.url, format!("https://b.example.com:{port}/?key=[secret]&x=key=[secret]"));

    let response = get(&call, &format!("https://a.example.com:{}/round", upstream.port)).await.unwrap();
    assert_eq!(response.url, format!("https://a.example.com:{}/end?key=[secret]", upstream.port));
    let seen = upstream.seen().into_iter().last().unwrap();
    let key = format!("key={CANARY_ASCII}");
    assert_eq!((seen.uri.query(), seen.header("x-key")), (Some(key.as_str()), Some("header-s3cr3t")));
}

/// Ways in which servers write down what they were sent.
fn echoes(secret: &str) -> Vec<String> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let mut echoes = vec![
        secret.to_owned(),
        format!("{secret}{secret}"),
        format!("{{\"key\":{}}}", serde_json::to_string(secret).unwrap()),
        serde_json::to_string(secret).unwrap().replace('/', "\\/"),
        serde_json::to_string(secret).unwrap().replace('é', "\\u00e9"),
        serde_json::to_string(secret).unwrap().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
        percent.to_ascii_lowercase().replace("canary", "cAnAry"),
        percent,
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
    ];
    for before in ["", "u", "us", "user:"] {
        let text = format!("{before}{secret}{before}");
        echoes.extend([BASE64_STANDARD.encode(&text), BASE64_URL_SAFE_NO_PAD.encode(&text)]);
    }
    echoes
}

/// Everything that a guest sees of an answer.
fn shown(response: &Result<Response, Error>) -> String {
    match response {
        Ok(response) => format!("{response:?} {}", String::from_utf8_lossy(&response.body)),
        Err(error) => format!("{error:?}"),
    }
}

/// Whether a text gives away a long part of the secret in any spelling.
fn tells(text: &str, secret: &str) -> bool {
    let inner = BASE64_STANDARD.encode(secret);
    text.contains(secret)
        || text.contains("s3cr3t")
        || text.contains(&inner[4..inner.len() - 4])
        || text.to_ascii_lowercase().contains("733363723374")
}

#[tokio::test]
async fn a_server_that_echoes_gives_nothing_away() {
    for secret in [CANARY, CANARY_ASCII] {
        for echo in echoes(secret) {
            let body = echo.clone();
            let upstream = Upstream::https(move |seen| match seen.uri.path() {
                "/body" => answer(200, &[], format!("before {body} after")),
                "/header" => {
                    answer(200, &[("x-echo", &body.replace('é', "e")), ("set-cookie", &body.replace('é', "e"))], "")
                }
                _ => answer(404, &[], body.repeat(3)),
            })
            .await;
            let world = World::new().with("a.example.com", &upstream);
            let mut granted = access(&["a.example.com"]);
            granted.secrets = vec![query_secret("a.example.com", "key", secret)];
            let provider = world.gate().provider(granted);
            for path in ["body", "error"] {
                let url = format!("https://a.example.com:{}/{path}", upstream.port);
                let response = get(&provider.call(), &url).await;
                assert!(!tells(&shown(&response), secret), "{path} {echo}: {}", shown(&response));
                assert!(String::from_utf8_lossy(&response.unwrap().body).contains("[secret]"), "{path} {echo}");
            }
            if echo.is_ascii() {
                let url = format!("https://a.example.com:{}/header", upstream.port);
                let response = get(&provider.call(), &url).await.unwrap();
                assert!(!tells(&shown(&Ok(response.clone())), secret), "{echo}: {response:?}");
                assert!(line(&response, "x-echo").unwrap().contains("[secret]"), "{echo}");
            }
        }
    }
}

#[tokio::test]
async fn a_packed_echo_and_the_parts_of_a_login_are_found_too() {
    let login = BASE64_STANDARD.encode("someone:pass-s3cr3t");
    let text = format!("you sent Bearer token-s3cr3t or Basic {login}, that is someone with pass-s3cr3t");
    let mut packed = Vec::new();
    GzipEncoder::new(text.as_bytes()).read_to_end(&mut packed).await.unwrap();
    let upstream = Upstream::https(move |_| answer(200, &[("content-encoding", "gzip")], packed.clone())).await;
    let world = World::new().with("a.example.com", &upstream);
    let mut granted = access(&["a.example.com"]);
    granted.secrets = vec![
        header_secret("a.example.com", "authorization", "Bearer token-s3cr3t"),
        header_secret("a.example.com", "x-login", &format!("Basic {login}")),
    ];
    let call = world.gate().provider(granted).call();
    let response = get(&call, &format!("https://a.example.com:{}/", upstream.port)).await.unwrap();
    let body = String::from_utf8(response.body).unwrap();
    assert_eq!(body, "you sent [secret] or [secret], that is someone with [secret]");
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// On one thread, so that the subscriber of the test is that of every task.
#[test]
fn no_log_holds_a_secret_even_at_the_finest_level() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let _default = tracing::subscriber::set_default(subscriber);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(
        async {
            let (secure, plain) = (
                Upstream::https(|_| answer(200, &[("x-echo", CANARY_ASCII)], CANARY_ASCII)).await,
                Upstream::http(|_| answer(302, &[("location", "https://evil.test/cAnAry-s3cr3t-value")], "")).await,
            );
            let world = World::new().with("a.example.com", &secure).with("b.example.com", &plain);
            let mut granted = access(&["*.example.com"]);
            granted.secrets = vec![
                header_secret("*.example.com", "x-key", CANARY_ASCII),
                query_secret("*.example.com", "key", CANARY_ASCII),
            ];
            let provider = world.gate().provider(granted);
            let call = provider.call();
            let url = format!("https://a.example.com:{}/?private-query", secure.port);
            let mut seen = vec![shown(&get(&call, &url).await)];
            // A line that a test on another thread comes to first, at the moment when this one begins to listen, is
            // taken for unheard. By now all of them were come to.
            tracing::callsite::rebuild_interest_cache();
            drop(world.gate());
            seen.push(shown(&get(&provider.call(), &url).await));
            seen.push(shown(&get(&call, &format!("http://b.example.com:{}/", plain.port)).await));
            seen.push(shown(&get(&call, "https://b.example.com/").await));
            seen.push(shown(&get(&call, &format!("https://b.example.com:{}/", plain.port)).await));
            let asked = Request { headers: vec![], ..request(Method::Post, &url) };
            seen.push(shown(&call.fetch(asked).await));
            assert!(seen.iter().all(|text| !tells(text, CANARY_ASCII)), "{seen:?}");
            assert_eq!(secure.seen()[0].header("x-key"), Some(CANARY_ASCII), "it was sent");
        }
        .with_current_subscriber(),
    );
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("fetch{provider=test host=\"a.example.com\" status=200 bytes=8}"), "{log}");
    assert!(log.contains("development host: granted providers may call it on this machine"), "{log}");
    for level in ["TRACE", "INFO", "WARN"] {
        assert!(log.contains(level), "nothing at {level}, so nothing is shown by its silence");
    }
    assert!(!log.contains(CANARY_ASCII) && !log.contains("private-query"), "{log}");
}

#[test]
fn a_secret_is_not_printed() {
    let secret: HostSecret = header_secret("a.example.com", "x-key", CANARY_ASCII);
    assert!(!format!("{:?}", secret.value).contains("s3cr3t"));
}
