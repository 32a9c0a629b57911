//! Components in a real registry.

use std::collections::BTreeMap;
use std::time::Duration;

use autocontent_manifest::ByteSize;
use autocontent_runtime::Digest;
use autocontent_sources::testing::Registry;
use autocontent_sources::{Fetched, Limits, Publication, Reference, Signature, Source, SourceError};
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::fetching::{fetcher, limits};
use crate::server::{Server, not_found, redirect};
use crate::signatures::{minisigns_key, signature};

const BYTES: &[u8] = b"a component";

/// A component as it is to be published.
pub(crate) fn publication(component: &[u8], signature: Option<Signature>) -> Publication {
    Publication {
        component: component.to_vec(),
        signature,
        exports: vec!["autocontent:provider/content@1.0.0".to_owned()],
        imports: vec!["autocontent:provider/http@1.0.0".to_owned()],
        annotations: BTreeMap::from([("org.opencontainers.image.version".to_owned(), "1.0.0".to_owned())]),
        created: Timestamp::from_second(1_795_307_439).unwrap(),
    }
}

async fn publish(reference: &str, component: &[u8]) -> Reference {
    fetcher(limits()).publish(&reference.parse().unwrap(), publication(component, None)).await.unwrap()
}

async fn fetch(reference: &str) -> Result<Fetched, SourceError> {
    fetcher(limits()).fetch(&reference.parse::<Source>().unwrap()).await
}

async fn refused(reference: &str) -> String {
    fetch(reference).await.unwrap_err().to_string()
}

/// The manifest of a component, as registries have it.
pub(crate) fn manifest(layers: &[&[u8]]) -> Value {
    let layer =
        |bytes: &&[u8]| json!({ "mediaType": "application/wasm", "digest": Digest::of(bytes), "size": bytes.len() });
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.wasm.config.v0+json", "digest": Digest::of(b"{}"), "size": 2 },
        "layers": layers.iter().map(layer).collect::<Vec<_>>(),
    })
}

/// A server that has this manifest under every name, and these bytes in every place of a blob.
async fn impostor(manifest: &Value, blob: &'static [u8]) -> Server {
    let manifest = manifest.to_string();
    Server::start(move |asked| {
        let manifest = manifest.clone();
        async move { if asked.path.contains("/manifests/") { manifest.into_response() } else { blob.into_response() } }
    })
    .await
}

/// A reference to what a server has.
pub(crate) fn at(server: &Server, what: &str) -> String {
    format!("oci://{}/{what}", server.base.strip_prefix("http://").unwrap())
}

#[tokio::test]
async fn what_is_published_is_pulled_by_tag_and_by_digest() {
    let registry = Registry::start().await;
    let published = publish(&registry.reference("ana/quote:1.0.0"), BYTES).await.to_string();
    let by_tag = fetch(&registry.reference("ana/quote:1.0.0")).await.unwrap();
    assert_eq!(
        (by_tag.bytes.as_slice(), by_tag.origin.to_string(), by_tag.signature),
        (BYTES, published.clone(), None)
    );
    let (_, digest) = published.split_once('@').unwrap();
    let by_digest = fetch(&registry.reference(&format!("ana/quote@{digest}"))).await.unwrap();
    assert_eq!(by_digest.bytes, BYTES);
    let by_both = fetch(&published).await.unwrap();
    assert_eq!((by_both.bytes.as_slice(), by_both.origin.to_string()), (BYTES, published));
}

#[tokio::test]
async fn what_is_published_is_laid_out_as_other_tools_expect() {
    let registry = Registry::start().await;
    let published = publish(&registry.reference("quote:1.0.0"), BYTES).await;
    let read =
        |digest: &Digest| -> Value { serde_json::from_slice(&std::fs::read(registry.file(digest)).unwrap()).unwrap() };
    let manifest = read(published.digest().unwrap());
    let config = manifest["config"]["digest"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        (&manifest["layers"], &manifest["mediaType"], &manifest["config"]["mediaType"]),
        (
            &json!([{ "mediaType": "application/wasm", "digest": Digest::of(BYTES), "size": 11 }]),
            &json!("application/vnd.oci.image.manifest.v1+json"),
            &json!("application/vnd.wasm.config.v0+json")
        )
    );
    assert_eq!(manifest["annotations"], json!({ "org.opencontainers.image.version": "1.0.0" }));
    assert_eq!(
        read(&config),
        json!({
            "created": "2026-11-22T00:30:39Z",
            "architecture": "wasm",
            "os": "wasip2",
            "layerDigests": [Digest::of(BYTES)],
            "component": {
                "exports": ["autocontent:provider/content@1.0.0"],
                "imports": ["autocontent:provider/http@1.0.0"],
                "target": null,
            },
        })
    );
}

#[tokio::test]
async fn a_detached_signature_comes_along() {
    let registry = Registry::start().await;
    let signed = signature(BYTES, &minisigns_key());
    let reference = registry.reference("quote:1");
    let publication = publication(BYTES, Some(signed.clone()));
    fetcher(limits()).publish(&reference.parse().unwrap(), publication).await.unwrap();
    let fetched = fetch(&reference).await.unwrap();
    assert_eq!(fetched.signature.as_deref(), Some(signed.text().as_bytes()));
}

#[tokio::test]
async fn publishing_twice_changes_nothing() {
    let registry = Registry::start().await;
    let reference = registry.reference("quote:1");
    assert_eq!(publish(&reference, BYTES).await, publish(&reference, BYTES).await);
}

#[tokio::test]
async fn a_tag_that_was_moved_leads_to_the_other_component_and_the_digest_does_not() {
    let registry = Registry::start().await;
    let reference = registry.reference("quote:1");
    let old = publish(&reference, BYTES).await;
    let source = reference.parse::<Source>().unwrap();
    assert_eq!(fetcher(limits()).digest(&source).await.unwrap(), Digest::of(BYTES));
    publish(&reference, b"a newer component").await;
    assert_eq!(fetcher(limits()).digest(&source).await.unwrap(), Digest::of(b"a newer component"));
    assert_eq!(fetch(&reference).await.unwrap().bytes, b"a newer component");
    assert_eq!(fetch(&old.to_string()).await.unwrap().bytes, BYTES);
}

#[tokio::test]
async fn a_component_that_was_changed_in_the_registry_is_refused() {
    let registry = Registry::start().await;
    let reference = registry.reference("quote:1");
    publish(&reference, BYTES).await;
    std::fs::write(registry.file(&Digest::of(BYTES)), b"a Component").unwrap();
    let (expected, found) = (Digest::of(BYTES), Digest::of(b"a Component"));
    assert_eq!(
        refused(&reference).await,
        format!(
            "{reference} is not what was asked for: it is {found} instead of {expected}; it was changed or damaged, don't use it"
        )
    );
}

#[tokio::test]
async fn another_manifest_than_the_digest_says_is_refused() {
    let server = impostor(&manifest(&[BYTES]), BYTES).await;
    assert_eq!(fetch(&at(&server, "quote:1")).await.unwrap().bytes, BYTES);
    let error = fetch(&at(&server, &format!("quote@{}", Digest::of(b"another")))).await.unwrap_err();
    assert!(matches!(error, SourceError::WrongDigest { .. }), "{error}");
}

#[tokio::test]
async fn what_is_not_in_the_registry_is_said_to_be_missing() {
    let registry = Registry::start().await;
    publish(&registry.reference("quote:1"), BYTES).await;
    let elsewhere = format!("quote@{}", Digest::of(b"another"));
    for what in ["quote:2", "qoute:1", &elsewhere] {
        let reference = registry.reference(what);
        assert_eq!(refused(&reference).await, format!("there is nothing at {reference}; check the address"));
    }
}

#[tokio::test]
async fn a_registry_that_is_gone_is_named() {
    let mut registry = Registry::start().await;
    let reference = registry.reference("quote:1");
    publish(&reference, BYTES).await;
    registry.stop().await;
    let said = format!(
        "could not get {reference}: Connection refused (os error 111); check the address and the network, and try again"
    );
    assert_eq!(refused(&reference).await, said);
    let publishing = fetcher(limits()).publish(&reference.parse().unwrap(), publication(BYTES, None)).await;
    assert_eq!(publishing.unwrap_err().to_string(), said);
}

#[tokio::test]
async fn a_component_that_just_fits_is_pulled_and_one_more_byte_is_not() {
    let registry = Registry::start().await;
    let reference = registry.reference("quote:1");
    publish(&reference, BYTES).await;
    let source = reference.parse::<Source>().unwrap();
    let just = Limits { size: BYTES.len() as u64, ..limits() };
    assert_eq!(fetcher(just).fetch(&source).await.unwrap().bytes, BYTES);
    let error = fetcher(Limits { size: just.size - 1, ..just }).fetch(&source).await.unwrap_err();
    assert!(matches!(error, SourceError::TooLarge { limit: ByteSize(10), .. }), "{error}");
    // More comes than the manifest says.
    let server = impostor(&manifest(&[&BYTES[..10]]), BYTES).await;
    let error = fetch(&at(&server, "quote:1")).await.unwrap_err();
    assert!(matches!(error, SourceError::TooLarge { limit: ByteSize(10), .. }), "{error}");
}

#[tokio::test]
async fn a_manifest_that_never_ends_is_not_read_to_its_end() {
    let mut long = manifest(&[BYTES]);
    long["annotations"] = json!({ "a": "x".repeat(300 << 10) });
    let server = impostor(&long, BYTES).await;
    let error = fetch(&at(&server, "quote:1")).await.unwrap_err();
    assert!(matches!(error, SourceError::TooLarge { limit: ByteSize(262_144), .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_component_says_what_it_is() {
    let with = |key: &str, value: Value| {
        let mut manifest = manifest(&[BYTES]);
        *manifest.pointer_mut(key).unwrap() = value;
        manifest
    };
    let cases = [
        (json!({ "layers": 3 }), "it has no manifest of the kind that a component has"),
        (with("/schemaVersion", json!(1)), "it has no manifest of the kind that a component has"),
        (
            with("/mediaType", json!("application/vnd.oci.image.index.v1+json")),
            "it has no manifest of the kind that a component has",
        ),
        (
            with("/config/mediaType", json!("application/vnd.oci.image.config.v1+json")),
            "its configuration is `application/vnd.oci.image.config.v1+json`",
        ),
        (with("/layers/0/mediaType", json!("application/\u{1b}tar")), "its layer is `application/tar`"),
        (manifest(&[]), "it has 0 layers instead of one"),
        (manifest(&[BYTES, BYTES]), "it has 2 layers instead of one"),
    ];
    for (manifest, reason) in cases {
        let server = impostor(&manifest, BYTES).await;
        let reference = at(&server, "quote:1");
        assert_eq!(
            refused(&reference).await,
            format!(
                "{reference} is no WebAssembly component: {reason}; publish it with `autocontent provider publish`"
            )
        );
    }
}

#[tokio::test]
async fn a_registry_that_leads_to_plain_http_elsewhere_is_not_followed() {
    let manifest = manifest(&[BYTES]).to_string();
    let server = Server::start(move |asked| {
        let manifest = manifest.clone();
        async move {
            if asked.path.contains("/manifests/") {
                manifest.into_response()
            } else if asked.path.contains("/blobs/sha256:") {
                redirect("http://example.com/blob")
            } else {
                not_found()
            }
        }
    })
    .await;
    let error = fetch(&at(&server, "quote:1")).await.unwrap_err();
    assert!(matches!(&error, SourceError::Redirect { to, .. } if to == "http://example.com/blob"), "{error}");
}

#[tokio::test]
async fn an_upload_to_plain_http_elsewhere_is_not_begun() {
    let server = Server::start(|asked| async move {
        if asked.path.ends_with("/uploads/") {
            (axum::http::StatusCode::ACCEPTED, [("location", "http://example.com/upload")]).into_response()
        } else {
            not_found()
        }
    })
    .await;
    let reference = at(&server, "quote:1").parse().unwrap();
    let error = fetcher(limits()).publish(&reference, publication(BYTES, None)).await.unwrap_err();
    assert!(matches!(error, SourceError::NoRegistry { .. }), "{error}");
}

#[tokio::test]
async fn a_registry_that_says_nothing_is_left() {
    // It takes connections and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let reference = format!("oci://{}/quote:1", listener.local_addr().unwrap());
    let source = reference.parse::<Source>().unwrap();
    let brief = Limits { time: Duration::from_millis(100), ..limits() };
    assert_eq!(
        fetcher(brief).fetch(&source).await.unwrap_err().to_string(),
        format!("{reference} did not arrive within 100ms; try again later")
    );
    let publishing = fetcher(brief).publish(&reference.parse().unwrap(), publication(BYTES, None)).await;
    assert!(matches!(publishing, Err(SourceError::Time { .. })));
}

#[tokio::test]
async fn nothing_is_published_under_a_digest() {
    let reference = format!("oci://127.0.0.1:9/quote:1@{}", Digest::of(BYTES)).parse().unwrap();
    let error = fetcher(limits()).publish(&reference, publication(BYTES, None)).await.unwrap_err();
    assert!(matches!(error, SourceError::NoTag { .. }), "{error}");
}
