//! The page: files by hand, carried in the binary.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Each file: its path, its type, its text.
const FILES: [(&str, &str, &str); 10] = [
    ("/", HTML, include_str!("page/playground.html")),
    ("/playground.css", CSS, include_str!("page/playground.css")),
    ("/playground.js", JAVASCRIPT, include_str!("page/playground.js")),
    ("/composer.js", JAVASCRIPT, include_str!("page/composer.js")),
    ("/element.js", JAVASCRIPT, include_str!("page/element.js")),
    ("/inspector.js", JAVASCRIPT, include_str!("page/inspector.js")),
    ("/line.js", JAVASCRIPT, include_str!("page/line.js")),
    ("/markdown.js", JAVASCRIPT, include_str!("page/markdown.js")),
    ("/message.js", JAVASCRIPT, include_str!("page/message.js")),
    ("/server.js", JAVASCRIPT, include_str!("page/server.js")),
];

/// A route for each file.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> impl Iterator<Item = (&'static str, MethodRouter<S>)> {
    FILES.into_iter().map(|(path, kind, text)| (path, get(move || std::future::ready(file(kind, text)))))
}

/// Not to be kept: another version of the binary has other files at the same address.
fn file(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
}
