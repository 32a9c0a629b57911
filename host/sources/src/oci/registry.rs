//! Requests to one repository of a registry, with whatever login it wants: none, a user and password, or a token that
//! another server gives for them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::RwLock;
use url::Url;

use super::Reference;
use super::credentials::Login;
use crate::error::SourceError;
use crate::fetch::Fetcher;
use crate::host::may_be_asked;
use crate::http;

/// The largest answer with a token, in bytes.
const TOKEN_MAX: u64 = 64 << 10;

/// A repository, as long as something is done with it.
pub(crate) struct Registry<'a> {
    fetcher: &'a Fetcher,
    reference: &'a Reference,
    base: Url,
    /// `pull`, or `pull,push`.
    actions: &'static str,
    /// The header that the registry took last.
    authorization: RwLock<Option<HeaderValue>>,
}

/// How a registry wants to be told who asks.
#[derive(Debug, PartialEq)]
enum Challenge {
    Basic,
    Bearer { realm: Url, service: Option<String> },
}

#[derive(Deserialize)]
struct Token {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
}

impl<'a> Registry<'a> {
    pub(crate) fn new(
        fetcher: &'a Fetcher,
        reference: &'a Reference,
        actions: &'static str,
    ) -> Result<Registry<'a>, SourceError> {
        let base = reference.base().map_err(|_| no_registry(reference, "its address is none"))?;
        Ok(Registry { fetcher, reference, base, actions, authorization: RwLock::default() })
    }

    /// An address in the repository.
    pub(crate) fn url(&self, path: &str) -> Result<Url, SourceError> {
        let path = format!("v2/{}/{path}", self.reference.name());
        self.base.join(&path).map_err(|_| no_registry(self.reference, "its address is none"))
    }

    /// Sends a request, and once more after a login where the registry wants one. Only the registry itself learns of the
    /// login, not where it sends uploads or downloads to.
    pub(crate) async fn send(
        &self,
        url: &Url,
        request: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Response, SourceError> {
        let from = self.reference.to_string();
        let client = self.fetcher.web.client(url);
        let known = self.authorization.read().await.clone().filter(|_| url.origin() == self.base.origin());
        let response = http::send(with(request(client), known), &from).await?;
        if response.status() != StatusCode::UNAUTHORIZED || url.origin() != self.base.origin() {
            return Ok(response);
        }
        let Some(authorization) = self.log_in(response.headers()).await? else {
            return Err(SourceError::Denied { from });
        };
        *self.authorization.write().await = Some(authorization.clone());
        http::send(with(request(client), Some(authorization)), &from).await
    }

    /// Does what the registry wants of those who ask; `None` where there is nobody to say that one is.
    async fn log_in(&self, headers: &HeaderMap) -> Result<Option<HeaderValue>, SourceError> {
        let challenge = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).and_then(Challenge::read);
        let login = self.fetcher.credentials.login(self.reference.registry()).await?;
        match (challenge, login) {
            (None, _) => Err(no_registry(self.reference, "it wants a login, but none of those that are known")),
            (Some(Challenge::Basic), None) => Ok(None),
            (Some(Challenge::Basic), Some(login)) => Ok(secret_header("Basic ", &login.basic())),
            (Some(Challenge::Bearer { realm, service }), login) => self.token(realm, service, login).await,
        }
    }

    async fn token(
        &self,
        mut realm: Url,
        service: Option<String>,
        login: Option<Login>,
    ) -> Result<Option<HeaderValue>, SourceError> {
        if !may_be_asked(&realm) {
            return Err(no_registry(self.reference, "it sends passwords to an address of plain http"));
        }
        let from = self.reference.to_string();
        let scope = format!("repository:{}:{}", self.reference.name(), self.actions);
        realm.query_pairs_mut().extend_pairs(service.map(|service| ("service", service))).append_pair("scope", &scope);
        let basic = login.and_then(|login| secret_header("Basic ", &login.basic()));
        let request = with(self.fetcher.web.client(&realm).get(realm.clone()), basic);
        let response = http::expect_success(http::send(request, &from).await?, &from)?;
        let answer = http::read(response, &from, TOKEN_MAX, |_| ()).await?;
        let token: Option<Token> = serde_json::from_slice(&answer).ok();
        let token = token.and_then(|token| token.token.or(token.access_token));
        let header = token.and_then(|token| secret_header("Bearer ", &token));
        header.map(Some).ok_or_else(|| no_registry(self.reference, "it gave no token for the login"))
    }
}

impl Login {
    /// Both in the form of a Basic header.
    fn basic(&self) -> SecretString {
        BASE64_STANDARD.encode(format!("{}:{}", self.user, self.password.expose_secret())).into()
    }
}

impl Challenge {
    /// Reads a header such as `Bearer realm="https://…",service="registry"`.
    fn read(header: &str) -> Option<Challenge> {
        let (scheme, parameters) = header.split_once(' ').unwrap_or((header, ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Challenge::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service) = (None, None);
        let mut rest = parameters.trim_start();
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"')?;
            match name.trim() {
                "realm" => realm = Some(value.parse().ok()?),
                "service" => service = Some(value.to_owned()),
                _ => {}
            }
            rest = after.trim_start_matches([',', ' ']);
        }
        Some(Challenge::Bearer { realm: realm?, service })
    }
}

fn with(request: RequestBuilder, authorization: Option<HeaderValue>) -> RequestBuilder {
    match authorization {
        Some(authorization) => request.header(AUTHORIZATION, authorization),
        None => request,
    }
}

/// A header whose value is never shown.
fn secret_header(scheme: &str, secret: &SecretString) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("{scheme}{}", secret.expose_secret())).ok()?;
    header.set_sensitive(true);
    Some(header)
}

fn no_registry(reference: &Reference, reason: &'static str) -> SourceError {
    SourceError::NoRegistry { from: reference.to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn challenges_are_read_as_registries_write_them() {
        assert_eq!(Challenge::read("Basic realm=\"basic-realm\""), Some(Challenge::Basic));
        let hub = "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:a/b:pull,push\"";
        let bearer = |service: Option<&str>| {
            let realm = "https://auth.docker.io/token".parse().unwrap();
            Some(Challenge::Bearer { realm, service: service.map(str::to_owned) })
        };
        assert_eq!(Challenge::read(hub), bearer(Some("registry.docker.io")));
        assert_eq!(Challenge::read("bearer  scope=\"x=y\", realm=\"https://auth.docker.io/token\""), bearer(None));
        for bad in ["", "Bearer", "Bearer realm=\"\"", "Bearer realm=\"https://a", "Digest realm=\"a\"", "Negotiate"] {
            assert_eq!(Challenge::read(bad), None, "{bad}");
        }
    }
}
