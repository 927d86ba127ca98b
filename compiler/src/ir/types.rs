//! The type lattice (language reference, section 5).
//!
//! Enters: literals, schemas, the catalogue's outputs. Leaves: types that joins and member
//! reads keep small. `Any` never causes an error; `Error` is poison.

use std::{collections::BTreeSet, sync::Arc};

use indexmap::IndexMap;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Anything; nothing is checked.
    Any,
    /// `null`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `string`, with its literal set where known.
    Str(Option<Arc<BTreeSet<String>>>),
    /// `list<T>`
    List(Arc<Type>),
    /// `object{…}`
    Object(Arc<ObjectType>),
    /// One of several; flat, without `Any`, at least two.
    Union(Arc<[Type]>),
    /// Poison: reported once, silent after.
    Error,
}

/// An object's fields.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectType {
    /// Known fields, in order.
    pub fields: IndexMap<String, FieldType>,
    /// What other fields there may be: none (closed), or of what type.
    pub rest: Option<Type>,
}

/// A field of an object type.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldType {
    /// Its type.
    pub ty: Type,
    /// May be absent, which reads as null.
    pub optional: bool,
}
