//! Sets of value types: what a signature takes, what a value is.
//!
//! Enters: types. Leaves: one byte with a bit for each, and its words for messages
//! (`string | list`). Must not know values or builtins: both name their types with it.

/// A set of value types, as a signature states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(pub u8);

impl Kinds {
    /// `null`
    pub const NULL: Self = Self(1);
    /// `bool`
    pub const BOOL: Self = Self(1 << 1);
    /// `int`
    pub const INT: Self = Self(1 << 2);
    /// `float`
    pub const FLOAT: Self = Self(1 << 3);
    /// `string`
    pub const STR: Self = Self(1 << 4);
    /// `list`
    pub const LIST: Self = Self(1 << 5);
    /// `object`
    pub const OBJECT: Self = Self(1 << 6);
    /// Booleans count as numbers, as in Python.
    pub const NUMBER: Self = Self::BOOL.or(Self::INT).or(Self::FLOAT);
    /// Booleans count as integers, as in Python.
    pub const INTEGER: Self = Self::BOOL.or(Self::INT);
    /// What `for` takes.
    pub const ITERABLE: Self = Self::LIST.or(Self::STR).or(Self::OBJECT);
    /// Everything.
    pub const ANY: Self = Self(0x7f);

    /// Union.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two share a type.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every type of `other` is in `self`.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A type set as messages show it: `string`, `list` or `object`.
#[must_use]
pub fn kinds_text(kinds: Kinds) -> String {
    const NAMES: [(Kinds, &str); 7] = [
        (Kinds::NULL, "null"),
        (Kinds::BOOL, "bool"),
        (Kinds::INT, "int"),
        (Kinds::FLOAT, "float"),
        (Kinds::STR, "string"),
        (Kinds::LIST, "list"),
        (Kinds::OBJECT, "object"),
    ];
    if kinds == Kinds::ANY {
        return "any".to_owned();
    }
    let names: Vec<_> = NAMES
        .iter()
        .filter(|(kind, _)| kinds.overlaps(*kind))
        .map(|(_, name)| *name)
        .collect();
    names.join(" | ")
}
