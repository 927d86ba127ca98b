//! Work beside the thread of the run: what takes long and needs nothing of the run.
//!
//! Enters: work that can be sent to another thread. Leaves: its result. Other stages go on
//! meanwhile. Must not know what the work is.

use std::panic;

use tokio::task::spawn_blocking;

/// Does work on another thread.
///
/// # Panics
/// If the work panicked: the panic goes on here, where it belongs to a stage.
pub(crate) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => panic::resume_unwind(panic),
            // The runtime is ending, and with it the stage that waits here.
            Err(_) => std::future::pending().await,
        },
    }
}
