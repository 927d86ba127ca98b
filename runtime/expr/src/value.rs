//! Values of the expression language: JSON's, with integers apart from floats.
//!
//! Enters: anything a pipeline carries. Leaves: cheap clones of it (strings, lists
//! and objects are shared). Must not know operators (`ops`) or text form (`text`).

use std::sync::Arc;

use indexmap::IndexMap;

use crate::str::Str;

/// The entries of an object, in the order they were written.
pub type Map = IndexMap<Str, Value>;
/// A shared list.
pub type List = Arc<Vec<Value>>;
/// A shared object.
pub type Object = Arc<Map>;

/// One value. Cloning costs at most one reference count.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `None`, `null`.
    #[default]
    Null,
    /// `True`, `False`.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A finite float; NaN and infinities never get here (language reference, section 4).
    Float(f64),
    /// A string of Unicode scalar values.
    Str(Str),
    /// A list; tuples, sets and dict views are lists too.
    List(List),
    /// An object with string keys in kept order.
    Object(Object),
}
