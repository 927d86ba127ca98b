//! How the catalogue describes the type of an output field or a fact.
//!
//! Enters: nothing. Leaves: descriptions of types. Inference turns them into types once it knows
//! the settings that some of them depend on. Must not know types.

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
    /// An element of the list in this setting, when its elements are text.
    Element(&'static str),
    /// Text when this setting is literally this word or is not given; otherwise anything.
    StrIf(&'static str, &'static str),
    /// The type of this setting of the same stage (`data`, `message`), or null.
    Setting(&'static str),
}
