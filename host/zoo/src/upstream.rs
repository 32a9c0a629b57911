//! A web server that means no good: each of its paths misbehaves in another way.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::Result;
use async_compression::tokio::write::GzipEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The server; it ends with this.
pub(crate) struct Upstream {
    pub(crate) port: u16,
    task: JoinHandle<()>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Upstream {
    pub(crate) async fn start(address: Ipv4Addr) -> Result<Upstream> {
        let listener = TcpListener::bind((address, 0)).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                // A client that goes away in the middle is what most of this is about.
                tokio::spawn(async move { drop(serve(socket).await) });
            }
        });
        Ok(Upstream { port, task })
    }
}

/// Answers one request, in whatever way its path says, and closes.
async fn serve(mut socket: TcpStream) -> Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let to = query.strip_prefix("to=").unwrap_or(query);
    match path {
        "/echo" => body(&mut socket, "", head.as_bytes()).await,
        "/echo-in-a-header" => {
            let secret = header(&head, "x-key");
            body(&mut socket, &format!("x-echo: {secret}\r\nset-cookie: key={secret}\r\n"), b"see above").await
        }
        "/echo-in-base64-and-hex" => {
            let secret = header(&head, "x-key");
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            body(&mut socket, "", format!("{hex} {}", hex.to_uppercase()).as_bytes()).await
        }
        "/redirect" => redirect(&mut socket, to).await,
        "/redirect-with-the-secret" => redirect(&mut socket, &format!("/echo?{}", header(&head, "x-key"))).await,
        "/redirect-elsewhere-with-the-secret" => {
            redirect(&mut socket, &format!("https://inside.example/{}", header(&head, "x-key"))).await
        }
        "/redirect-for-ever" => redirect(&mut socket, target).await,
        "/header-of-a-megabyte" => body(&mut socket, &format!("x: {}\r\n", "x".repeat(1 << 20)), b"").await,
        "/ten-thousand-headers" => body(&mut socket, &"x: y\r\n".repeat(10_000), b"").await,
        "/header-without-end" => flood(&mut socket, "HTTP/1.1 200 OK\r\nx: ", b"xxxxxxxx", None).await,
        "/slow-header" => flood(&mut socket, "HTTP/1.1 200 OK\r\nx: ", b"x", SLOW).await,
        "/slow-body" => flood(&mut socket, "HTTP/1.1 200 OK\r\n\r\n", b"x", SLOW).await,
        "/nothing-ever" => flood(&mut socket, "", b"", SLOW).await,
        "/continue-for-ever" => flood(&mut socket, "", b"HTTP/1.1 100 Continue\r\n\r\n", None).await,
        "/body-without-end" => flood(&mut socket, "HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 8192], None).await,
        "/chunks-without-end" => {
            flood(&mut socket, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n", None).await
        }
        "/gzip-bomb" => {
            let bomb = gzip(64 << 20).await?;
            body(&mut socket, "content-encoding: gzip\r\n", &bomb).await
        }
        "/gzip-twice" => {
            let bomb = gzip(1 << 20).await?;
            body(&mut socket, "content-encoding: gzip, gzip, gzip, gzip\r\n", &bomb).await
        }
        "/gzip-that-is-none" => body(&mut socket, "content-encoding: gzip\r\n", b"not gzip").await,
        "/unknown-encoding" => body(&mut socket, "content-encoding: enigma\r\n", b"not enigma").await,
        "/length-too-long" => send(&mut socket, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort").await,
        "/length-of-exabytes" => {
            send(&mut socket, "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nshort").await
        }
        "/two-lengths" => {
            send(&mut socket, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nshorter").await
        }
        "/status-of-letters" => send(&mut socket, "HTTP/1.1 abc OK\r\n\r\n").await,
        "/status-999" => send(&mut socket, "HTTP/1.1 999 Enough\r\ncontent-length: 0\r\n\r\n").await,
        "/switching-protocols" => {
            send(&mut socket, "HTTP/1.1 101 Switching Protocols\r\nupgrade: evil\r\nconnection: upgrade\r\n\r\nhello")
                .await
        }
        "/not-http" => send(&mut socket, "+PONG\r\n").await,
        "/header-with-a-zero" => send(&mut socket, "HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n").await,
        "/header-not-utf8" => {
            socket.write_all(b"HTTP/1.1 200 OK\r\nx: caf\xe9\xff\r\ncontent-length: 2\r\n\r\nok").await?;
            Ok(())
        }
        "/fresh-for-ever" => body(&mut socket, "cache-control: max-age=99999999999999999999\r\n", b"fresh").await,
        "/come-back-in-136-years" => {
            send(&mut socket, "HTTP/1.1 429 Slow Down\r\nretry-after: 4294967295\r\ncontent-length: 0\r\n\r\n").await
        }
        _ => Ok(()),
    }
}

/// One byte after the other, with so long between them.
const SLOW: Option<Duration> = Some(Duration::from_millis(50));

async fn send(socket: &mut TcpStream, text: &str) -> Result<()> {
    Ok(socket.write_all(text.as_bytes()).await?)
}

async fn body(socket: &mut TcpStream, headers: &str, body: &[u8]) -> Result<()> {
    send(socket, &format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n", body.len()))
        .await?;
    Ok(socket.write_all(body).await?)
}

async fn redirect(socket: &mut TcpStream, to: &str) -> Result<()> {
    send(socket, &format!("HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
        .await
}

/// A beginning, and then the same again until the client has enough.
async fn flood(socket: &mut TcpStream, begin: &str, again: &[u8], pause: Option<Duration>) -> Result<()> {
    send(socket, begin).await?;
    loop {
        socket.write_all(again).await?;
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => tokio::task::yield_now().await,
        }
    }
}

/// So many zeros, packed.
async fn gzip(size: usize) -> Result<Vec<u8>> {
    let mut encoder = GzipEncoder::new(Vec::new());
    let zeros = vec![0; 1 << 20];
    for _ in 0..size >> 20 {
        encoder.write_all(&zeros).await?;
    }
    encoder.shutdown().await?;
    Ok(encoder.into_inner())
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or("none")
}
