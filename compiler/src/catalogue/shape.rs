//! How the type of an output field or a fact is described.
//!
//! Enters: nothing. Leaves: words for types, which inference makes types of once it knows the
//! settings they may depend on.

/// The type of an output field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// A float.
    Float,
    /// Text.
    Str,
    /// Text or null.
    MaybeStr,
    /// An object with any keys.
    Object,
    /// A list of anything.
    List,
    /// A list of text.
    Strings,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of objects with these fields and no others.
    ListOf(&'static [(&'static str, Shape)]),
    /// An element of the list that this field of the settings is, where those are text.
    Element(&'static str),
    /// Text where this field of the settings is literally this word, or not given; else anything.
    StrIf(&'static str, &'static str),
    /// The type of this field of the same stage's settings (`data`, `message`), or null.
    Setting(&'static str),
}
