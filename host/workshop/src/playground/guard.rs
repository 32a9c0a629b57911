//! Who may talk to the playground: its own page, in the browser of whoever started it.
//!
//! Other users of this machine reach the address as well. So the page and all that it asks for lie in a folder whose name
//! cannot be guessed, and is told to nobody but whoever started the program.
//!
//! Every page that the author visits can send requests to this address. So the `Host` must be the playground's own,
//! which a name that was rebound to loopback is not; an `Origin` must be the playground's too, and a browser that says
//! where a request comes from must not name another site. What is sent must say that it is JSON, which a form can't.

use std::net::SocketAddr;
use std::sync::Arc;

use autocontent_runtime::Random;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What the page may load and do: its own files, pictures and films from the web as an answer names them, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data: https:; media-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const ELSEWHERE: &str =
    "this is not the address of the playground; open the one that `autocontent provider dev` printed, whole";
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the port of an address is that names none.
const HTTP: u16 = 80;

/// The names that the playground answers to, and the folder that it lies in.
pub(super) struct Guard {
    hosts: Vec<String>,
    /// Begins and ends with a slash.
    folder: String,
}

impl Guard {
    /// For a playground at this address, in a folder of its own.
    pub(super) fn new(address: SocketAddr, random: &dyn Random) -> Guard {
        let mut hosts = vec![address.to_string(), format!("localhost:{}", address.port())];
        if address.port() == HTTP {
            // Browsers leave it out.
            let bare = |host: &String| host.trim_end_matches(":80").to_owned();
            hosts.extend(hosts.iter().map(bare).collect::<Vec<_>>());
        }
        let mut secret = [0; 16];
        random.fill(&mut secret);
        let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        Guard { hosts, folder: format!("/{secret}/") }
    }

    /// Where a path of the playground's own really lies.
    pub(super) fn inside(&self, path: &str) -> String {
        format!("{}{}", self.folder, path.trim_start_matches('/'))
    }

    /// Why a request is refused; none where it may pass.
    fn refusal(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<&'static str> {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let is_ours = |host: &str| self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host));
        if headers.get_all(HOST).iter().count() != 1 || !text(&HOST).is_some_and(is_ours) {
            return Some(ELSEWHERE);
        }
        if !path.starts_with(&self.folder) {
            return Some(ELSEWHERE);
        }
        if text(&ORIGIN).is_some_and(|origin| !origin.strip_prefix("http://").is_some_and(is_ours)) {
            return Some("another page may not use the playground");
        }
        // `none`: typed into the browser. Following a link from elsewhere may open the page, but do nothing.
        let from_elsewhere = text(&SITE).is_some_and(|site| !matches!(site, "same-origin" | "none"));
        if from_elsewhere && !opens_the_page(method, headers) {
            return Some("another page may not use the playground");
        }
        if method == Method::POST && !text(&CONTENT_TYPE).is_some_and(is_json) {
            return Some("send JSON, with `content-type: application/json`");
        }
        None
    }
}

/// Lets a request pass, or refuses it; and says on every answer what the page may do.
pub(super) async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.refusal(request.method(), request.uri().path(), request.headers()) {
        Some(refusal) => (StatusCode::FORBIDDEN, refusal).into_response(),
        None => next.run(request).await,
    };
    let said = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in said {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether a browser wants to show what it gets as a page of its own.
fn opens_the_page(method: &Method, headers: &HeaderMap) -> bool {
    let navigates = headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    let whole = headers.get("sec-fetch-dest").is_some_and(|to| to == "document");
    method == Method::GET && navigates && whole
}

fn is_json(kind: &str) -> bool {
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use autocontent_runtime::SeededRandom;

    use super::*;

    #[test]
    fn where_browsers_leave_the_port_out_it_may_be_left_out() {
        let own = |address: &str, host: &str| {
            let guard = Guard::new(address.parse().unwrap(), &SeededRandom::new(1));
            let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
            guard.refusal(&Method::GET, &guard.folder, &headers).is_none()
        };
        for host in ["127.0.0.1", "localhost", "127.0.0.1:80", "localhost:80"] {
            assert!(own("127.0.0.1:80", host), "{host}");
            assert!(!own("127.0.0.1:7070", host), "{host}");
        }
        assert!(own("[::1]:80", "[::1]"));
        assert!(!own("127.0.0.1:80", "127.0.0.1:8080"));
    }
}
