//! SIGINT and SIGTERM as a stream.
//!
//! Enters: nothing. Leaves: each signal that arrives. If a handler cannot be installed, the stream
//! ends, and the signal has its usual effect. Must not know what signals do to a run.

use futures_util::stream;
use tokio::signal;

use crate::executor::drive::{Signal, Signals};

/// The signals from now on. Must be called inside the tokio runtime.
#[cfg(unix)]
pub(crate) fn signals() -> Signals {
    use futures_util::StreamExt;
    use signal::unix::{SignalKind, signal};
    let each = |kind, name| match signal(kind) {
        Ok(handler) => stream::unfold(handler, move |mut handler| async move {
            handler.recv().await.map(|()| (name, handler))
        })
        .left_stream(),
        Err(_) => stream::empty().right_stream(),
    };
    Box::pin(stream::select(
        Box::pin(each(SignalKind::interrupt(), Signal::Interrupt)),
        Box::pin(each(SignalKind::terminate(), Signal::Terminate)),
    ))
}

/// The signals from now on. Must be called inside the tokio runtime.
#[cfg(not(unix))]
pub(crate) fn signals() -> Signals {
    Box::pin(stream::unfold((), |()| async {
        signal::ctrl_c()
            .await
            .ok()
            .map(|()| (Signal::Interrupt, ()))
    }))
}
