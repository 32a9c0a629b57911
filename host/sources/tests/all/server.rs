//! A web server that does as it is told.

use std::future::Future;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;

/// What is asked.
pub(crate) struct Asked {
    /// The path with its query.
    pub(crate) path: String,
    /// Whom it was asked of, such as `127.0.0.1:40000`.
    pub(crate) host: String,
    /// The header `Authorization`.
    pub(crate) authorization: Option<String>,
}

/// A server on this machine.
pub(crate) struct Server {
    /// Such as `http://127.0.0.1:40000`.
    pub(crate) base: String,
    paths: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each request so.
    pub(crate) async fn start<Answered: Future<Output = Response> + Send + 'static>(
        answer: impl Fn(Asked) -> Answered + Clone + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let paths = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&paths);
        let router = Router::new().fallback(move |request: Request| {
            let path = request.uri().to_string();
            heard.lock().unwrap().push(path.clone());
            let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            answer(Asked { path, host: header("host").unwrap(), authorization: header("authorization") })
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Server { base, paths }
    }

    /// Answers requests for these paths so, and others with 404.
    pub(crate) async fn with_files(files: &[(&str, Vec<u8>)]) -> Server {
        let files: Vec<_> = files.iter().map(|(path, content)| ((*path).to_owned(), content.clone())).collect();
        Server::start(move |asked| {
            let found = files.iter().find(|(name, _)| *name == asked.path).map(|(_, content)| content.clone());
            async move { found.map_or_else(not_found, axum::response::IntoResponse::into_response) }
        })
        .await
    }

    /// The paths that were asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.paths.lock().unwrap().clone()
    }
}

/// The answer 404.
pub(crate) fn not_found() -> Response {
    axum::http::StatusCode::NOT_FOUND.into_response()
}

/// An answer that leads elsewhere.
pub(crate) fn redirect(to: &str) -> Response {
    (axum::http::StatusCode::FOUND, [("location", to.to_owned())]).into_response()
}
