//! Bringing components from files and web servers, good ones and others.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use autocontent_manifest::ByteSize;
use autocontent_runtime::Digest;
use autocontent_sources::{Fetched, Fetcher, Limits, Source, SourceError};
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use tokio::net::TcpListener;

use crate::server::{Server, not_found, redirect};

const BYTES: &[u8] = b"a component";

/// Enough of everything.
pub(crate) fn limits() -> Limits {
    Limits { size: 1 << 20, time: Duration::from_secs(60), quiet: Duration::from_secs(60) }
}

pub(crate) fn fetcher(limits: Limits) -> Fetcher {
    Fetcher::new(limits, None, None, |_| ()).unwrap()
}

async fn fetch(source: &str, limits: Limits) -> Result<Fetched, SourceError> {
    fetcher(limits).fetch(&source.parse::<Source>().unwrap()).await
}

async fn refused(source: &str, limits: Limits) -> String {
    fetch(source, limits).await.unwrap_err().to_string()
}

fn write(folder: &Path, name: &str, content: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_file_comes_with_the_signature_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "a.wasm", BYTES);
    let fetched = fetch(&path, limits()).await.unwrap();
    assert_eq!((fetched.bytes.as_slice(), fetched.signature), (BYTES, None));
    write(folder.path(), "a.wasm.minisig", b"signed");
    let fetched = fetch(&path, limits()).await.unwrap();
    assert_eq!(fetched.signature.as_deref(), Some(&b"signed"[..]));
}

#[tokio::test]
async fn a_files_origin_is_its_whole_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "a.wasm", BYTES);
    let crooked = folder.path().join("../").join(folder.path().file_name().unwrap()).join("./a.wasm");
    let fetched = fetch(crooked.to_str().unwrap(), limits()).await.unwrap();
    assert_eq!(fetched.origin.to_string(), std::fs::canonicalize(path).unwrap().display().to_string());
}

#[tokio::test]
async fn files_that_cannot_be_read_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let missing = refused(&format!("{path}/a.wasm"), limits()).await;
    assert_eq!(
        missing,
        format!("could not read {path}/a.wasm: No such file or directory (os error 2); check the path")
    );
    let a_folder = refused(&path.to_string(), limits()).await;
    assert_eq!(a_folder, format!("could not read {path}: Is a directory (os error 21); check the path"));
}

#[tokio::test]
async fn a_size_that_just_fits_is_taken_and_one_more_byte_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), "a.wasm", BYTES);
    let server = Server::with_files(&[("/a.wasm", BYTES.to_vec())]).await;
    // One that does not say how much will come.
    let silent = Server::start(|asked| async move {
        if asked.path != "/a.wasm" {
            return not_found();
        }
        Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(BYTES)])).into_response()
    })
    .await;
    for source in [path, format!("{}/a.wasm", server.base), format!("{}/a.wasm", silent.base)] {
        let just = Limits { size: BYTES.len() as u64, ..limits() };
        assert_eq!(fetch(&source, just).await.unwrap().bytes, BYTES);
        let less = Limits { size: just.size - 1, ..just };
        let error = fetch(&source, less).await.unwrap_err();
        assert!(matches!(error, SourceError::TooLarge { limit: ByteSize(10), .. }), "{error}");
    }
}

#[tokio::test]
async fn a_url_comes_with_the_signature_beside_it() {
    let files = [("/a.wasm?v=2", BYTES.to_vec()), ("/a.wasm.minisig?v=2", b"signed".to_vec())];
    let server = Server::with_files(&files).await;
    let source = format!("{}/a.wasm?v=2", server.base);
    let fetched = fetch(&source, limits()).await.unwrap();
    assert_eq!((fetched.bytes.as_slice(), fetched.signature.as_deref()), (BYTES, Some(&b"signed"[..])));
    assert_eq!(fetched.origin.to_string(), source);
    assert_eq!(server.asked(), ["/a.wasm?v=2", "/a.wasm.minisig?v=2"]);
}

#[tokio::test]
async fn a_digest_behind_the_address_must_be_the_files() {
    let server = Server::with_files(&[("/a.wasm", BYTES.to_vec())]).await;
    let right = format!("{}/a.wasm#{}", server.base, Digest::of(BYTES));
    assert_eq!(fetch(&right, limits()).await.unwrap().origin.to_string(), right);
    let (found, expected) = (Digest::of(BYTES), Digest::of(b"another"));
    assert_eq!(
        refused(&format!("{}/a.wasm#{expected}", server.base), limits()).await,
        format!(
            "{}/a.wasm is not what was asked for: it is {found} instead of {expected}; it was changed or damaged, don't use it",
            server.base
        )
    );
}

#[tokio::test]
async fn the_digest_of_what_is_there_now_is_told() {
    let server = Server::with_files(&[("/a.wasm", BYTES.to_vec())]).await;
    let source = format!("{}/a.wasm", server.base).parse().unwrap();
    assert_eq!(fetcher(limits()).digest(&source).await.unwrap(), Digest::of(BYTES));
}

#[tokio::test]
async fn progress_is_told() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let fetcher = Fetcher::new(limits(), None, None, move |progress| noted.lock().unwrap().push(progress)).unwrap();
    let server = Server::with_files(&[("/a.wasm", BYTES.to_vec())]).await;
    fetcher.fetch(&format!("{}/a.wasm", server.base).parse().unwrap()).await.unwrap();
    let last = *seen.lock().unwrap().last().unwrap();
    assert_eq!((last.received, last.total), (11, Some(11)));
}

#[tokio::test]
async fn servers_that_have_nothing_say_so() {
    let server = Server::start(|asked| async move {
        match asked.path.as_str() {
            "/gone?key=hunter2" => StatusCode::GONE.into_response(),
            "/members" => StatusCode::UNAUTHORIZED.into_response(),
            "/broken" => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => not_found(),
        }
    })
    .await;
    let base = &server.base;
    for path in ["/a.wasm", "/gone"] {
        let said = refused(&format!("{base}{path}?key=hunter2"), limits()).await;
        assert_eq!(said, format!("there is nothing at {base}{path}; check the address"));
    }
    let denied = fetch(&format!("{base}/members"), limits()).await.unwrap_err();
    assert!(matches!(denied, SourceError::Denied { .. }), "{denied}");
    let broken = refused(&format!("{base}/broken"), limits()).await;
    assert_eq!(broken, format!("{base}/broken answered with the status 503; try again later"));
}

#[tokio::test]
async fn a_signature_that_cannot_be_had_is_not_taken_for_none() {
    let server = Server::start(|asked| async move {
        if asked.path == "/a.wasm" { BYTES.into_response() } else { StatusCode::BAD_GATEWAY.into_response() }
    })
    .await;
    let said = refused(&format!("{}/a.wasm", server.base), limits()).await;
    assert_eq!(said, format!("{}/a.wasm.minisig answered with the status 502; try again later", server.base));
}

#[tokio::test]
async fn redirects_are_followed_on_this_machine_and_never_to_plain_http_elsewhere() {
    let server = Server::start(|asked| async move {
        match asked.path.as_str() {
            "/here" => redirect("/a.wasm"),
            "/there" => redirect("http://example.com/a.wasm?key=hunter2"),
            "/round" => redirect("/round"),
            "/file" => redirect("file:///etc/passwd"),
            "/a.wasm" => BYTES.into_response(),
            _ => not_found(),
        }
    })
    .await;
    let base = &server.base;
    assert_eq!(fetch(&format!("{base}/here"), limits()).await.unwrap().bytes, BYTES);
    for (from, to) in [("/there", "http://example.com/a.wasm".to_owned()), ("/round", format!("{base}/round"))] {
        assert_eq!(
            refused(&format!("{base}{from}"), limits()).await,
            format!(
                "{base}{from} leads to {to}, by plain http or by too many turns; use the address where the file is, with https"
            )
        );
    }
    assert!(fetch(&format!("{base}/file"), limits()).await.is_err());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let source = format!("http://127.0.0.1:{port}/a.wasm");
    assert_eq!(
        refused(&source, limits()).await,
        format!(
            "could not get {source}: Connection refused (os error 111); check the address and the network, and try again"
        )
    );
}

#[tokio::test]
async fn a_server_that_breaks_off_is_not_believed() {
    let server = Server::start(|_| async {
        let stream = futures_util::stream::iter([Ok(BYTES), Err(std::io::Error::other("broken"))]);
        ([("content-length", "1000")], Body::from_stream(stream)).into_response()
    })
    .await;
    let error = fetch(&format!("{}/a.wasm", server.base), limits()).await.unwrap_err();
    assert!(matches!(error, SourceError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_never_ends_is_left() {
    let server = Server::start(|_| async {
        let stream = futures_util::stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok::<_, std::io::Error>("x"), ()))
        });
        Body::from_stream(stream).into_response()
    })
    .await;
    let source = format!("{}/a.wasm", server.base);
    let brief = Limits { time: Duration::from_millis(100), ..limits() };
    assert_eq!(refused(&source, brief).await, format!("{source} did not arrive within 100ms; try again later"));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left() {
    let server = Server::start(|_| std::future::pending()).await;
    let source = format!("{}/a.wasm", server.base);
    let impatient = Limits { quiet: Duration::from_millis(100), ..limits() };
    assert_eq!(
        refused(&source, impatient).await,
        format!("could not get {source}: it did not answer in time; check the address and the network, and try again")
    );
}

#[tokio::test]
async fn certificates_that_are_none_are_refused() {
    let error = Fetcher::new(limits(), Some(b"-----BEGIN CERTIFICATE-----\nno\n"), None, |_| ()).err().unwrap();
    assert!(matches!(error, SourceError::Client { .. }), "{error}");
}
