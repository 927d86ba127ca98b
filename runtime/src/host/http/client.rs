//! The HTTP clients. They are made when first used, and live as long as the process, so that later
//! runs reuse their connections.
//!
//! Enters: requests. Leaves: responses, or errors that name the host and the cause. They keep
//! connections alive, use HTTP/2 if the server offers it, obey the proxy variables, and trust the
//! root certificates of the system. Must not know redirects or stages.

use std::{cell::OnceCell, error::Error, fmt, io, sync::Arc};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header::PROXY_AUTHORIZATION,
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::{
        legacy::{self, connect::HttpConnector},
        proxy::matcher::Matcher,
    },
    rt::{TokioExecutor, TokioTimer},
};

use crate::{
    base::fault::{ErrorType, Fault, StageError},
    host::http::{
        address::Address,
        allowed::{Allowed, LinkLocal},
        lookup::{self, Find, Lookup},
        proxy::Proxied,
        rooms::Rooms,
        tls,
    },
};

type Client = legacy::Client<HttpsConnector<Proxied>, Full<Bytes>>;

/// The HTTP clients of a process.
pub(crate) struct Clients {
    /// For `http`: it loads no certificates, because reading those of the system takes
    /// milliseconds.
    plain: OnceCell<Client>,
    verified: OnceCell<Client>,
    unverified: OnceCell<Client>,
    matcher: OnceCell<Arc<Matcher>>,
    /// The hosts that may be connected to.
    pub(crate) allowed: Arc<Allowed>,
    /// How names are looked up.
    find: Find,
    /// The room in memory for the bodies of responses.
    pub(crate) rooms: Rooms,
}

impl Clients {
    /// Clients that connect to these hosts only.
    pub(crate) fn new(allowed: Allowed) -> Self {
        Self::finding(allowed, lookup::system())
    }

    /// Clients that look up names in this way.
    pub(crate) fn finding(allowed: Allowed, find: Find) -> Self {
        Self {
            plain: OnceCell::new(),
            verified: OnceCell::new(),
            unverified: OnceCell::new(),
            matcher: OnceCell::new(),
            allowed: Arc::new(allowed),
            find,
            rooms: Rooms::default(),
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// A `ConnectionError` that names the host.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        address: &Address,
        verify: bool,
    ) -> Result<Response<Incoming>, Fault> {
        let matcher = self.matcher.get_or_init(|| Arc::new(Matcher::from_env()));
        if !address.is_secure() {
            let proxy = matcher.intercept(address.uri());
            if let Some(auth) = proxy.as_ref().and_then(|proxy| proxy.basic_auth()) {
                request
                    .headers_mut()
                    .insert(PROXY_AUTHORIZATION, auth.clone());
            }
        }
        let client = self.client(address, verify, Arc::clone(matcher))?;
        client
            .request(request)
            .await
            .map_err(|error| failed(address, &error))
    }

    fn client(
        &self,
        address: &Address,
        verify: bool,
        matcher: Arc<Matcher>,
    ) -> Result<&Client, Fault> {
        let (cell, trust) = match (address.is_secure(), verify) {
            (false, _) => (&self.plain, tls::Trust::Nobody),
            (true, true) => (&self.verified, tls::Trust::System),
            (true, false) => (&self.unverified, tls::Trust::Everybody),
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let config = tls::config(trust).map_err(|error| {
            StageError::new(ErrorType::Connection, format!("cannot use TLS: {error}"))
        })?;
        let connector = |allowed| {
            let lookup = Lookup::new(Arc::clone(&self.find), allowed);
            let mut http = HttpConnector::new_with_resolver(lookup);
            http.enforce_http(false);
            http.set_nodelay(true);
            http
        };
        let direct = connector(Some(Arc::clone(&self.allowed)));
        let to_proxy = connector(None);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Proxied::new(direct, to_proxy, matcher));
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(cell.get_or_init(|| client))
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients").finish_non_exhaustive()
    }
}

/// The error for a request that got no response.
pub(crate) fn failed(address: &Address, error: &(dyn Error + 'static)) -> Fault {
    if let Some(refused) = chain(error).find_map(|error| error.downcast_ref::<LinkLocal>()) {
        return StageError::config(refused.to_string());
    }
    let host = format!("{}:{}", address.host(), address.port());
    let connecting = error
        .downcast_ref::<legacy::Error>()
        .is_some_and(legacy::Error::is_connect);
    let what = if connecting {
        "cannot connect to"
    } else {
        "the connection broke to"
    };
    let message = format!("{what} `{host}`: {}", cause(error));
    StageError::new(ErrorType::Connection, message)
}

/// The error and its causes.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// The innermost cause, in plain words.
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut last = String::new();
    for error in chain(error) {
        let known = error
            .downcast_ref::<io::Error>()
            .and_then(|error| plain(error.kind()));
        if let Some(known) = known {
            return known.to_owned();
        }
        last = error.to_string();
    }
    last
}

// There are 40 kinds, and new versions of Rust add more. The text of the others is clear enough.
#[allow(clippy::wildcard_enum_match_arm)]
fn plain(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::ConnectionReset => "connection reset",
        io::ErrorKind::ConnectionAborted => "connection aborted",
        io::ErrorKind::BrokenPipe => "connection closed",
        io::ErrorKind::UnexpectedEof => "connection closed too early",
        io::ErrorKind::HostUnreachable => "host unreachable",
        io::ErrorKind::NetworkUnreachable => "network unreachable",
        io::ErrorKind::TimedOut => "no answer in time",
        _ => return None,
    })
}
