//! The FlowMason expression language.
//!
//! Enters: expression text and JSON values. Leaves: values or an [`EvalError`]. The compiler, the
//! interpreter and generated code all call the operators and builtins below, so an expression
//! cannot mean two things. Must not know pipelines, stages, files, networks or diagnostics;
//! `hosts` is here because the compiler and the runtime must read a host in the same way.

pub mod hosts;

pub mod str;

pub mod outside;

pub mod collections;

pub mod kinds;

pub mod value;

pub mod error;

pub mod json;

pub mod text;

pub mod format;

pub mod cx;

mod room;

mod builder;

mod elements;

#[cfg(feature = "parse")]
pub mod ast;

#[cfg(feature = "parse")]
mod precedence;

#[cfg(feature = "parse")]
pub mod template;

#[cfg(feature = "parse")]
pub mod parse;

pub mod ops;

pub mod builtins;

#[cfg(feature = "parse")]
pub mod print;

#[cfg(feature = "parse")]
pub mod interp;

#[cfg(feature = "parse")]
pub mod condition;

pub use collections::Keys;
pub use cx::Cx;
pub use error::{ErrorKind, EvalError};
pub use str::Str;
pub use value::{List, Map, Object, Value};
