//! Sets of value types: the types that a parameter takes, or that a value may have.
//!
//! Enters: types. Leaves: one byte with a bit for each type, and text for messages (`string |
//! list`). Must not know values or builtins, which both name their types with it.

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
    /// The types that count as numbers. Booleans do, as in Python.
    pub const NUMBER: Self = Self::BOOL.or(Self::INT).or(Self::FLOAT);
    /// The types that count as integers. Booleans do, as in Python.
    pub const INTEGER: Self = Self::BOOL.or(Self::INT);
    /// The types that `for` iterates over.
    pub const ITERABLE: Self = Self::LIST.or(Self::STR).or(Self::OBJECT);
    /// All types.
    pub const ANY: Self = Self(0x7f);

    /// The union of both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two sets have a type in common.
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

/// A set of types as messages show it: `string`, `string | list`.
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
