//! What code uses and how large it is, noted while it is written.
//!
//! Enters: what its parts use. Leaves: the parameters that a function of this code needs, and whether
//! it is too large. Must not know the code.

/// What code uses, and how large it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    /// It reads the scope. When nothing in a function does, its parameter is written `_s`.
    pub(super) scope: bool,
    /// It uses the budget. When nothing in a function does, its parameter is written `_cx`.
    pub(super) cx: bool,
    /// How many nodes it has; a call of a part is one, and one more for each variable it is given.
    pub(super) nodes: usize,
}

impl Extent {
    /// Adds what other code in the same function uses.
    pub(super) fn add(&mut self, other: Self) {
        self.scope |= other.scope;
        self.cx |= other.cx;
        self.nodes += other.nodes;
    }
}
