//! A server that gives back what it is sent, in every place that an answer has.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::form_urlencoded;

/// What the operator sets: one that could be a host's name, and one that each encoding writes differently.
pub(super) const HEADER_SECRET: &str = "Canary-Header-7f3Qz1x";
pub(super) const QUERY_SECRET: &str = "Canary/Query+9bZkw&y=2 \"two\"";

/// The server. It ends with the test.
pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Upstream {
    /// Begins to listen; one of its redirects leads to `elsewhere`.
    pub(super) async fn start(address: Ipv4Addr, elsewhere: String) -> Upstream {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let upstream = Upstream { address: listener.local_addr().unwrap(), received: Arc::default() };
        let received = Arc::clone(&upstream.received);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let request = read(&mut socket).await;
                let path = path(&request).to_owned();
                received.lock().unwrap().push(request);
                // The client may have gone.
                let _ = socket.write_all(answer(&path, &elsewhere).as_bytes()).await;
            }
        });
        upstream
    }

    /// The address of a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests as they came.
    pub(super) fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().unwrap().clone()
    }

    /// The bodies of the requests whose path begins so, in their order.
    pub(super) fn received_at(&self, prefix: &str) -> Vec<Vec<u8>> {
        let requests = self.received().into_iter().filter(|request| path(request).starts_with(prefix));
        requests.map(|request| request[head(&request)..].to_vec()).collect()
    }
}

/// Head and body.
async fn read(socket: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request[..head(&request)]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if request.ends_with(b"\r\n\r\n") && length == 0 || !text.is_empty() && request.len() >= text.len() + length {
            return request;
        }
        if socket.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return request;
        }
    }
}

/// How long the head is; 0 where it isn't complete.
fn head(request: &[u8]) -> usize {
    request.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4)
}

fn path(request: &[u8]) -> &str {
    let line = request.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    str::from_utf8(line).unwrap().split('?').next().unwrap()
}

fn answer(path: &str, elsewhere: &str) -> String {
    let (text, headers) = echoes();
    let whole = |status: &str, more: &str| {
        format!("HTTP/1.1 {status}\r\n{headers}{more}connection: close\r\ncontent-length: {}\r\n\r\n{text}", text.len())
    };
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("was", HEADER_SECRET)
        .append_pair("and", QUERY_SECRET)
        .finish();
    match path {
        "/echo" | "/landed" => whole("200 OK", "cache-control: max-age=60\r\n"),
        "/failing" => whole(&format!("503 {HEADER_SECRET}"), "retry-after: 0\r\n"),
        "/redirect" => whole("302 Found", &format!("location: /landed?{query}\r\n")),
        "/redirect-to-a-stranger" => whole("302 Found", &format!("location: {elsewhere}\r\n")),
        // Hosts are written in small letters.
        "/redirect-to-its-host" => {
            let host = HEADER_SECRET.to_ascii_lowercase();
            whole("302 Found", &format!("location: https://{host}.example/{HEADER_SECRET}?{query}\r\n"))
        }
        "/dropped" => format!("HTTP/1.1 200 OK\r\n{headers}content-length: 100000\r\n\r\n{text}"),
        "/garbage" => format!("HTTP/1.1 {HEADER_SECRET} {QUERY_SECRET}\r\n{QUERY_SECRET}\r\n\r\n"),
        _ => "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned(),
    }
}

/// A text with both secrets in all spellings, and the same as headers.
fn echoes() -> (String, String) {
    let (mut text, mut headers) = (String::from("raw"), String::new());
    for secret in [HEADER_SECRET, QUERY_SECRET] {
        let percent: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let login = BASE64_STANDARD.encode(format!("user:{secret}"));
        for form in [secret, &percent, &hex, &hex.to_uppercase(), &BASE64_STANDARD.encode(secret), &login] {
            write!(text, " {form}").unwrap();
            write!(headers, "x-echo: {form}\r\nset-cookie: session={form}\r\n").unwrap();
        }
    }
    (text, headers)
}
