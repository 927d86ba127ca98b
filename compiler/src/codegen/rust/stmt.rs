//! Statements.
//!
//! Enters: expressions, names. Leaves: blocks. Must not know how wide a line is.

use super::{Name, RustExpr};

/// A statement, or the value a block ends with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) enum Stmt {
    /// `let name = value;`
    Let(Name, RustExpr),
    /// `let mut name = value;`
    LetMut(Name, RustExpr),
    /// `let name = if … { … } else { … };`
    LetIf(Name, Branch),
    /// `let [names] = list.as_slice() else { continue };`, inside a loop.
    Unpack(Vec<Name>, Name),
    /// `name = value;`
    Assign(Name, RustExpr),
    /// `value;`
    Do(RustExpr),
    /// `return value;`
    Return(RustExpr),
    /// `value` at the end of a block.
    Value(RustExpr),
    /// `if … { … }`, at the end of a block also its value.
    If(Branch),
    /// `for item in items { … }`
    For {
        /// What `break` may name.
        label: Option<Name>,
        /// The variable.
        item: Name,
        /// What is looped over.
        items: RustExpr,
        /// What is done with each.
        body: Block,
    },
    /// `continue;`
    Continue,
    /// `break;`, of a loop further out with its label.
    Break(Option<Name>),
}

/// `if condition { then } else { otherwise }`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) struct Branch {
    /// The condition.
    pub(in crate::codegen) condition: RustExpr,
    /// What is done where it holds.
    pub(in crate::codegen) then: Block,
    /// What is done where it does not.
    pub(in crate::codegen) otherwise: Option<Block>,
}

impl Branch {
    /// `if condition { then }`
    pub(in crate::codegen) fn only(condition: RustExpr, then: Stmt) -> Self {
        Self {
            condition,
            then: vec![then],
            otherwise: None,
        }
    }
}

/// Statements in their order.
pub(in crate::codegen) type Block = Vec<Stmt>;
