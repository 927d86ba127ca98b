//! Values of the expression language: those of JSON, but integers and floats are different types.
//!
//! Enters: anything a pipeline carries. Leaves: cheap clones of it; strings, lists and objects are
//! shared. Must not know operators (`ops`), JSON (`json`) or text form (`text`).

use std::sync::LazyLock;

use crate::{collections, kinds::Kinds, str::Str};

/// The entries of an object while it is being built, in the order they were added.
pub type Map = collections::Map<Value>;
/// A shared list.
pub type List = collections::List<Value>;
/// A shared object.
pub type Object = collections::Object<Value>;

/// One value. Cloning costs at most one change of a reference count.
///
/// It takes 16 bytes. A string of up to 16 bytes is inside them; a longer string, a list and an
/// object are behind one pointer. Inputs and the responses of servers are many small values, so
/// this size decides how much memory a run takes.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `None`, `null`.
    #[default]
    Null,
    /// `True`, `False`.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A finite float. NaN and infinities never become values (language reference, section 4).
    Float(f64),
    /// A string of Unicode scalar values.
    Str(Str),
    /// A list. Tuples, sets and dict views are lists too.
    List(List),
    /// An object: string keys, in the order they were added.
    Object(Object),
}

/// A larger `Value` makes every list and object larger, so growth must not go unnoticed.
const _: () = assert!(size_of::<Value>() == 16);

/// Shared by all empty objects, of which settings and responses have many.
static NO_ENTRIES: LazyLock<Object> = LazyLock::new(Object::default);
/// Shared by all empty lists.
static NO_ELEMENTS: LazyLock<List> = LazyLock::new(List::default);

impl Value {
    /// An object from its entries.
    #[must_use]
    pub fn object(entries: Map) -> Self {
        if entries.is_empty() {
            return Self::empty_object();
        }
        Self::Object(entries.into())
    }

    /// `{}`, without allocating.
    #[must_use]
    pub fn empty_object() -> Self {
        Self::Object(NO_ENTRIES.clone())
    }

    /// A list from its elements.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        if items.is_empty() {
            return Self::empty_list();
        }
        Self::List(List::new(items))
    }

    /// `[]`, without allocating.
    #[must_use]
    pub fn empty_list() -> Self {
        Self::List(NO_ELEMENTS.clone())
    }

    /// The name of the type, as messages show it.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "string",
            Self::List(_) => "list",
            Self::Object(_) => "object",
        }
    }

    /// The type, in the form that signatures of builtins use.
    #[must_use]
    pub fn kinds(&self) -> Kinds {
        match self {
            Self::Null => Kinds::NULL,
            Self::Bool(_) => Kinds::BOOL,
            Self::Int(_) => Kinds::INT,
            Self::Float(_) => Kinds::FLOAT,
            Self::Str(_) => Kinds::STR,
            Self::List(_) => Kinds::LIST,
            Self::Object(_) => Kinds::OBJECT,
        }
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether both are surely the same, without looking inside lists and objects: equal scalars or
    /// strings, or one list or object in memory. Two lists in memory count as changed even when
    /// their elements are equal.
    #[must_use]
    pub fn is_unchanged(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::List(a), Self::List(b)) => a.is_shared_with(b),
            (Self::Object(a), Self::Object(b)) => a.is_shared_with(b),
            (
                Self::Null
                | Self::Bool(_)
                | Self::Int(_)
                | Self::Float(_)
                | Self::Str(_)
                | Self::List(_)
                | Self::Object(_),
                _,
            ) => false,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        let Self::Str(text) = self else {
            return None;
        };
        Some(text)
    }

    /// The elements of a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        let Self::List(items) = self else {
            return None;
        };
        Some(items)
    }

    /// The entries of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        let Self::Object(entries) = self else {
            return None;
        };
        Some(entries)
    }

    /// The value of a key, if this is an object that has the key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }
}

/// A count as an integer of the language. If it does not fit 64 bits, it becomes the largest one.
#[must_use]
pub fn as_count(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value {
    /// NaN and infinities become null, because JSON lacks them. Operators refuse such results
    /// before they get here.
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Self::Float(value)
        } else {
            Self::Null
        }
    }
}

impl From<Str> for Value {
    fn from(value: Str) -> Self {
        Self::Str(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Str(Str::from(value))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Str(Str::from(value))
    }
}

impl From<Vec<Self>> for Value {
    fn from(value: Vec<Self>) -> Self {
        Self::list(value)
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Self::object(value)
    }
}
