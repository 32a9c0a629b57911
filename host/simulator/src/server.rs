//! The listeners, with connections that can be cut and reset on demand.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::{gateway, rest, world::World};

/// Serves REST and gateway until stopped.
pub(crate) fn serve(world: &Arc<World>, rest: TcpListener, gateway: TcpListener, stop: &CancellationToken) {
    let router = Router::new().fallback(rest::answer).with_state(Arc::clone(world));
    tokio::spawn(stop.clone().run_until_cancelled_owned(serve_router(rest, router)));
    let entry = gateway::Entry { world: Arc::clone(world), stop: stop.clone() };
    tokio::spawn(stop.clone().run_until_cancelled_owned(serve_gateway(Arc::clone(world), gateway, entry)));
}

/// Listens whenever the gateway's port is said to be open.
async fn serve_gateway(world: Arc<World>, listener: TcpListener, entry: gateway::Entry) {
    let router = Router::new().fallback(gateway::enter).with_state(entry);
    let Ok(address) = listener.local_addr() else { return };
    let mut open = world.gateway_open.subscribe();
    let mut listener = Some(listener);
    loop {
        if !*open.borrow_and_update() {
            listener = None;
            if open.wait_for(|open| *open).await.is_err() {
                return;
            }
        }
        let Ok(bound) = listen_again(listener.take(), address).await else {
            tracing::error!(%address, "the gateway's port was taken while it was closed");
            return;
        };
        tokio::select! {
            () = serve_router(bound, router.clone()) => {}
            _ = open.wait_for(|open| !open) => {}
        }
    }
}

async fn listen_again(listener: Option<TcpListener>, address: SocketAddr) -> io::Result<TcpListener> {
    match listener {
        Some(listener) => Ok(listener),
        None => TcpListener::bind(address).await,
    }
}

async fn serve_router(listener: TcpListener, router: Router) {
    let service = router.into_make_service_with_connect_info::<Breaker>();
    // Serving ends only when the task does.
    let _ = axum::serve(Lines(listener), service).await;
}

/// Breaks the TCP connection that it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Breaker(Arc<AtomicU8>);

const WHOLE: u8 = 0;
const CUT: u8 = 1;
const RESET: u8 = 2;

impl Breaker {
    /// The next write fails and the connection ends.
    pub(crate) fn cut(&self) {
        self.0.store(CUT, Ordering::Relaxed);
    }

    /// The next write fails and the connection is reset.
    pub(crate) fn reset(&self) {
        self.0.store(RESET, Ordering::Relaxed);
    }

    fn check(&self) -> io::Result<()> {
        match self.0.load(Ordering::Relaxed) {
            WHOLE => Ok(()),
            _ => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }
}

impl Connected<IncomingStream<'_, Lines>> for Breaker {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Breaker {
        stream.io().breaker.clone()
    }
}

/// A listener whose connections carry a [`Breaker`].
struct Lines(TcpListener);

/// A TCP connection with its breaker.
pub(crate) struct Line {
    stream: TcpStream,
    breaker: Breaker,
}

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Without it small frames wait for each other; a socket that refuses works all the same.
                    let _ = stream.set_nodelay(true);
                    return (Line { stream, breaker: Breaker::default() }, address);
                }
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.breaker.0.load(Ordering::Relaxed) == RESET {
            // Closing then sends RST. If the system refuses, the connection ends as if cut.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
