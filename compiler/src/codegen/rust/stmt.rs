//! Statements.
//!
//! Enters: expressions, names. Leaves: blocks. Must not know how wide a line is.

use super::{Name, RustExpr};

/// A statement, or the value at the end of a block.
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
    /// `if … { … }`; at the end of a block also its value.
    If(Branch),
    /// `for item in items { … }`
    For {
        /// The label that `break` may name.
        label: Option<Name>,
        /// The variable.
        item: Name,
        /// What it loops over.
        items: RustExpr,
        /// The statements for each element.
        body: Block,
    },
    /// `continue;`
    Continue,
    /// `break;`, with the label of the loop to leave when that is not the innermost.
    Break(Option<Name>),
}

/// `if condition { then } else { otherwise }`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) struct Branch {
    /// The condition.
    pub(in crate::codegen) condition: RustExpr,
    /// The statements when it is true.
    pub(in crate::codegen) then: Block,
    /// The statements when it is false.
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

/// Statements, in order.
pub(in crate::codegen) type Block = Vec<Stmt>;
