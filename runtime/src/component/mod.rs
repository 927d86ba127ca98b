//! The components: what leaf stages do.
//!
//! Enters: rendered settings and the site of a stage. Leaves: the output of the stage or an error,
//! at once or from a task; or a request to be continued after a rest. Each component has one file,
//! and is a `static` that generated code names. There must be no list of all components, because
//! the linker then could not drop those that a pipeline does not use. Must not know scheduling.

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
