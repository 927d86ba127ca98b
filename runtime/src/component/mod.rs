//! Components: what a leaf stage does with its rendered configuration.
//!
//! Enters: a rendered configuration and where the stage stands. Leaves: the stage's output or a
//! fault, at once or from a task; or the wish to go on after a rest, which the executor takes.
//! One file a component; each is a `static` that generated code names, so that the linker drops
//! the rest: nothing central may list them all.

mod contract;

mod filter;

#[cfg(feature = "http")]
mod generator;

#[cfg(feature = "http")]
mod http_request;

mod json_transform;

mod logger;

mod r#loop;

mod path;

mod variable_set;

#[cfg(test)]
mod tests;

pub(crate) use contract::{Again, Call, deferred};
pub use contract::{Check, Component, Preflight, Task, Work};
pub use filter::FILTER;
#[cfg(feature = "http")]
pub use generator::GENERATOR;
#[cfg(feature = "http")]
pub use http_request::HTTP_REQUEST;
pub use json_transform::JSON_TRANSFORM;
pub use logger::LOGGER;
pub use r#loop::LOOP;
pub use variable_set::VARIABLE_SET;
