//! Ends the server when the editor says `exit`, and answers what could not be read.
//!
//! Enters: the service of the protocol. Leaves: the same service, and a signal at `exit`. This is
//! needed because `tower_lsp` runs until its input ends, and an editor may leave it open. Requests
//! that stand for unreadable messages are answered here with an error. Must not know documents.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Request, Response};
use tower_service::Service;

use super::message::{self, REFUSED};

/// What the editor has said about ending.
#[derive(Debug, Default)]
pub(super) struct Ending {
    asked: AtomicBool,
    exit: Notify,
}

impl Ending {
    /// Waits for `exit`.
    pub(super) async fn exit(&self) {
        self.exit.notified().await;
    }

    /// Whether `shutdown` came before `exit`, as the protocol wants.
    pub(super) fn orderly(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// A service that watches for `shutdown` and `exit`.
pub(super) struct Watched<S> {
    pub(super) service: S,
    pub(super) ending: Arc<Ending>,
}

impl<S: Service<Request, Response = Option<Response>>> Service<Request> for Watched<S>
where
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match request.method() {
            "shutdown" => self.ending.asked.store(true, Ordering::Relaxed),
            "exit" => self.ending.exit.notify_one(),
            REFUSED => {
                let answer = message::answer(&request);
                return Box::pin(std::future::ready(Ok(Some(answer))));
            }
            _ => {}
        }
        Box::pin(self.service.call(request))
    }
}
