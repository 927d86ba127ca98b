//! Connections: direct, or through the proxy that `HTTP_PROXY` and similar variables name.
//!
//! Enters: a destination. Leaves: a stream to it. `http` requests are sent to the proxy; for
//! `https` the proxy opens a tunnel. Must not know requests.

use std::{
    error::Error,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper::{
    Uri,
    rt::{Read, ReadBufCursor, Write},
};
use hyper_util::{
    client::{
        legacy::connect::{Connected, Connection, HttpConnector, proxy::Tunnel},
        proxy::matcher::Matcher,
    },
    rt::TokioIo,
};
use tokio::net::TcpStream;
use tower_service::Service;

use crate::host::http::lookup::Lookup;

type BoxError = Box<dyn Error + Send + Sync>;

/// Connects directly or through a proxy.
#[derive(Clone, Debug)]
pub(crate) struct Proxied {
    /// Connects to hosts themselves.
    direct: HttpConnector<Lookup>,
    /// Connects to proxies.
    to_proxy: HttpConnector<Lookup>,
    matcher: Arc<Matcher>,
}

impl Proxied {
    pub(crate) fn new(
        direct: HttpConnector<Lookup>,
        to_proxy: HttpConnector<Lookup>,
        matcher: Arc<Matcher>,
    ) -> Self {
        Self {
            direct,
            to_proxy,
            matcher,
        }
    }
}

impl Service<Uri> for Proxied {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        // Both are always ready.
        self.direct.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let mut direct = self.direct.clone();
        let mut http = self.to_proxy.clone();
        let proxy = self.matcher.intercept(&destination);
        Box::pin(async move {
            let Some(proxy) = proxy else {
                let io = direct.call(destination).await?;
                return Ok(Stream { io, proxied: false });
            };
            if proxy.uri().scheme_str() != Some("http") {
                let scheme = proxy.uri().scheme_str().unwrap_or_default();
                return Err(
                    format!("`{scheme}` proxies are not supported, only `http` proxies").into(),
                );
            }
            if destination.scheme_str() != Some("https") {
                let io = http.call(proxy.uri().clone()).await?;
                return Ok(Stream { io, proxied: true });
            }
            let mut tunnel = Tunnel::new(proxy.uri().clone(), http);
            if let Some(auth) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(auth.clone());
            }
            let io = tunnel.call(destination).await?;
            Ok(Stream { io, proxied: false })
        })
    }
}

/// A connection that knows whether a proxy reads its requests.
#[derive(Debug)]
pub(crate) struct Stream {
    io: TokioIo<TcpStream>,
    /// Whether requests are sent to the proxy itself, as for `http`, and not through a tunnel. Set
    /// when connecting; hyper reads it and then writes the whole URL into each request.
    proxied: bool,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.proxied)
    }
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().io).poll_write_vectored(cx, buffers)
    }
}
