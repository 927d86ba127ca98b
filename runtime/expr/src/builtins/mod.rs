//! The one table of builtins: functions, methods and module members.
//!
//! Enters: laid-out arguments. Leaves: a value or a refusal. Each file beside this one holds
//! the builtins of one subject and their rows; this file joins the rows and looks names up.

pub mod signature;

pub use signature::{Args, Builtin, Kinds, Param, Passing, Presence, Returns};
