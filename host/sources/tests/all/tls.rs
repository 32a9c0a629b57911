//! Servers with certificates, known ones and others.

use std::sync::Arc;

use autocontent_sources::{Fetcher, Source, SourceError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::fetching::{fetcher, limits};

const BYTES: &[u8] = b"a component";

/// Starts a server that has [`BYTES`] at `/a.wasm`, and returns the file's address and the authority's certificate.
async fn serve() -> (String, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}/a.wasm", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            // Who does not know the authority breaks off.
            let Ok(socket) = acceptor.accept(socket).await else { continue };
            let mut socket = BufReader::new(socket);
            let mut line = String::new();
            socket.read_line(&mut line).await.unwrap();
            let found = line.starts_with("GET /a.wasm ");
            while line != "\r\n" {
                line.clear();
                socket.read_line(&mut line).await.unwrap();
            }
            let (status, body) = if found { ("200 OK", BYTES) } else { ("404 Not Found", &b""[..]) };
            let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            socket.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
            socket.shutdown().await.unwrap();
        }
    });
    (address, authority.pem())
}

#[tokio::test]
async fn a_certificate_of_an_authority_in_the_configuration_is_taken() {
    let (address, authority) = serve().await;
    let fetcher = Fetcher::new(limits(), Some(authority.as_bytes()), None, |_| ()).unwrap();
    let fetched = fetcher.fetch(&address.parse::<Source>().unwrap()).await.unwrap();
    assert_eq!((fetched.bytes.as_slice(), fetched.signature), (BYTES, None));
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused() {
    let (address, _) = serve().await;
    let error = fetcher(limits()).fetch(&address.parse::<Source>().unwrap()).await.unwrap_err();
    assert!(matches!(&error, SourceError::Unreachable { reason, .. } if reason.contains("UnknownIssuer")), "{error}");
}
