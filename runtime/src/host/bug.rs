//! A panic is a bug of fmc. It fails the stage in which it happened, not the process.
//!
//! Enters: work that may panic. Leaves: its result, or a sentence that says what the bug is and
//! where to report it. Must not know stages.

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, PoisonError},
};

/// Where people report bugs.
const REPORT: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// Where the latest panic was, as `file:line`. The hook writes it, on the thread that panics;
/// [`sentence`] takes it.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// From now on a panic writes nothing to standard error: who catches it reports it.
pub(crate) fn quiet() {
    panic::set_hook(Box::new(|info| {
        let place = info.location();
        let place = place.map(|place| format!("{}:{}", place.file(), place.line()));
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// The result of some work.
///
/// # Errors
/// A sentence for people, when the work panicked.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // What the work has changed may be half done. It belongs to the stage, which fails, or is
    // replaced as a whole, as in the store of outputs.
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|panic| sentence(&*panic))
}

/// The sentence for a panic.
pub(crate) fn sentence(panic: &(dyn Any + Send)) -> String {
    let what = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text.as_str(),
        (None, None) => "no message",
    };
    let place = PLACE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    format!("this is a bug in fmc, please report it at {REPORT}: {what}{place}")
}

#[cfg(test)]
#[path = "tests/bug.rs"]
mod tests;
