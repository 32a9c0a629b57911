//! Registries that want to know who asks.

use std::path::Path;

use autocontent_sources::testing::{PASSWORD, Registry, USER};
use autocontent_sources::{Fetcher, Source, SourceError};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fetching::limits;
use crate::oci::{at, manifest, publication};
use crate::server::{Server, redirect};

const BYTES: &[u8] = b"a component";

/// A folder with docker's file of credentials.
fn docker(config: &Value) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    folder
}

/// What `docker login` writes.
fn login(registry: &str, password: &str) -> Value {
    json!({ "auths": { registry: { "auth": BASE64_STANDARD.encode(format!("{USER}:{password}")) } } })
}

fn fetcher(docker: &Path) -> Fetcher {
    Fetcher::new(limits(), None, Some(docker.to_owned()), |_| ()).unwrap()
}

async fn publish(docker: &Path, reference: &str) -> Result<(), SourceError> {
    fetcher(docker).publish(&reference.parse().unwrap(), publication(BYTES, None)).await.map(|_| ())
}

async fn fetch(docker: &Path, reference: &str) -> Result<Vec<u8>, SourceError> {
    fetcher(docker).fetch(&reference.parse::<Source>().unwrap()).await.map(|fetched| fetched.bytes)
}

#[tokio::test]
async fn a_private_registry_takes_docker_s_login() {
    let registry = Registry::start_private().await;
    let reference = registry.reference("quote:1");
    let docker = docker(&login(&registry.address, PASSWORD));
    publish(docker.path(), &reference).await.unwrap();
    assert_eq!(fetch(docker.path(), &reference).await.unwrap(), BYTES);
}

#[tokio::test]
async fn without_a_login_or_with_a_wrong_one_a_private_registry_is_closed() {
    let registry = Registry::start_private().await;
    let reference = registry.reference("quote:1");
    let nowhere = tempfile::tempdir().unwrap();
    let said = format!(
        "{reference} is not for everybody; put a user and password that may have it into docker's config.json, such as `docker login` does"
    );
    for folder in
        [nowhere, docker(&json!({})), docker(&login("ghcr.io", PASSWORD)), docker(&login(&registry.address, "wrong"))]
    {
        assert_eq!(fetch(folder.path(), &reference).await.unwrap_err().to_string(), said);
        assert_eq!(publish(folder.path(), &reference).await.unwrap_err().to_string(), said);
    }
}

#[tokio::test]
async fn a_file_of_credentials_that_is_no_use_is_named_without_what_is_in_it() {
    let registry = Registry::start_private().await;
    let reference = registry.reference("quote:1");
    let address = &registry.address;
    for config in [
        json!({ "auths": { address: { "auth": "hunter2" } } }),
        json!({ "auths": { address: { "identitytoken": "hunter2" } } }),
        json!({ "credHelpers": { address: "hunter2" } }),
        json!(["hunter2"]),
    ] {
        let docker = docker(&config);
        let error = fetch(docker.path(), &reference).await.unwrap_err();
        assert!(matches!(error, SourceError::Credentials { .. }), "{error}");
        assert!(!error.to_string().contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_registry_that_wants_a_token_gets_the_one_that_is_given_for_the_login() {
    let server = Server::start(|asked| async move {
        let login = format!("Basic {}", BASE64_STANDARD.encode(format!("{USER}:{PASSWORD}")));
        match (asked.path.as_str(), asked.authorization.as_deref()) {
            ("/token?service=registry&scope=repository%3Aquote%3Apull", Some(given)) if given == login => {
                axum::Json(json!({ "token": "a-token" })).into_response()
            }
            ("/v2/quote/manifests/1", Some("Bearer a-token")) => manifest(&[BYTES]).to_string().into_response(),
            (path, Some("Bearer a-token")) if path.starts_with("/v2/quote/blobs/") => BYTES.into_response(),
            (path, _) if path.starts_with("/v2/") => {
                let challenge = format!("Bearer realm=\"http://{}/token\",service=\"registry\"", asked.host);
                (StatusCode::UNAUTHORIZED, [("www-authenticate", challenge)]).into_response()
            }
            _ => StatusCode::UNAUTHORIZED.into_response(),
        }
    })
    .await;
    let (reference, address) = (at(&server, "quote:1"), server.base.replace("http://", ""));
    assert_eq!(fetch(docker(&login(&address, PASSWORD)).path(), &reference).await.unwrap(), BYTES);
    // The token is asked for once.
    assert_eq!(server.asked().iter().filter(|path| path.starts_with("/token")).count(), 1);
    for folder in [docker(&json!({})), docker(&login(&address, "wrong"))] {
        let error = fetch(folder.path(), &reference).await.unwrap_err();
        assert!(matches!(error, SourceError::Denied { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_password_is_sent_to_no_address_of_plain_http_elsewhere() {
    let server = Server::start(|_| async {
        let challenge = "Bearer realm=\"http://example.com/token\"";
        (StatusCode::UNAUTHORIZED, [("www-authenticate", challenge)]).into_response()
    })
    .await;
    let docker = docker(&login(&server.base.replace("http://", ""), PASSWORD));
    let error = fetch(docker.path(), &at(&server, "quote:1")).await.unwrap_err();
    assert!(matches!(error, SourceError::NoRegistry { .. }), "{error}");
}

#[tokio::test]
async fn a_login_goes_to_the_registry_only_and_not_to_where_it_leads() {
    let elsewhere = Server::start(|asked| async move {
        if asked.authorization.is_some() { StatusCode::BAD_REQUEST.into_response() } else { BYTES.into_response() }
    })
    .await;
    let blob = format!("{}/blob", elsewhere.base);
    let server = Server::start(move |asked| {
        let blob = blob.clone();
        async move {
            if asked.authorization.is_none() {
                (StatusCode::UNAUTHORIZED, [("www-authenticate", "Basic realm=\"registry\"")]).into_response()
            } else if asked.path.contains("/manifests/") {
                manifest(&[BYTES]).to_string().into_response()
            } else {
                redirect(&blob)
            }
        }
    })
    .await;
    let docker = docker(&login(&server.base.replace("http://", ""), PASSWORD));
    assert_eq!(fetch(docker.path(), &at(&server, "quote:1")).await.unwrap(), BYTES);
    assert_eq!(elsewhere.asked(), ["/blob"]);
}
