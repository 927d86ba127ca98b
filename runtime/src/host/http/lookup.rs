//! Looks up the addresses of names, and leaves out those that may not be connected to.
//!
//! Enters: the name of a host. Leaves: addresses. The check is here, between the lookup and the
//! connection, so that a name cannot lead to one address when it is checked and to another when it
//! is used. Must not know requests.

use core::net::SocketAddr;
use std::{
    error::Error,
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use crate::host::http::allowed::Allowed;

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
/// Looks up a name, and checks nothing.
pub(crate) type Find = Arc<dyn Fn(Name) -> Found + Send + Sync>;

/// A lookup whose results may be connected to.
#[derive(Clone)]
pub(crate) struct Lookup {
    find: Find,
    /// `None` for proxies: the environment of the process names them, not the pipeline or a peer.
    allowed: Option<Arc<Allowed>>,
}

impl Lookup {
    pub(crate) fn new(find: Find, allowed: Option<Arc<Allowed>>) -> Self {
        Self { find, allowed }
    }
}

/// The lookup of the system.
pub(crate) fn system() -> Find {
    Arc::new(|name| {
        let found = GaiResolver::new().call(name);
        Box::pin(async move { Ok(found.await?.collect()) })
    })
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup").finish_non_exhaustive()
    }
}

impl Service<Name> for Lookup {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let allowed = self.allowed.clone();
        let text = name.as_str().to_owned();
        let found = (self.find)(name);
        Box::pin(async move {
            let found = found.await?;
            let kept = match allowed {
                Some(allowed) => allowed.reachable(&text, found, |address| address.ip())?,
                None => found,
            };
            Ok(kept.into_iter())
        })
    }
}
