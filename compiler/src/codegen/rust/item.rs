//! Items: functions, statics and constants.
//!
//! Enters: names, types, blocks. Leaves: the items of a file. Must not know layout.

use std::fmt;

use super::{Block, Comment, Name, RustExpr};

/// An item of the generated file.
#[derive(Clone, Debug)]
pub(in crate::codegen) enum Item {
    /// `static NAME: Type = value;`
    Static(Name, RustType, RustExpr),
    /// `const NAME: Type = value;`
    Const(Name, RustType, RustExpr),
    /// A function.
    Function(Function),
}

/// `fn name(parameters) -> result { body }`
#[derive(Clone, Debug)]
pub(in crate::codegen) struct Function {
    /// The text of its documentation comment.
    pub(in crate::codegen) about: Option<Comment>,
    /// Its name.
    pub(in crate::codegen) name: Name,
    /// Its parameters.
    pub(in crate::codegen) parameters: Vec<Parameter>,
    /// The type it returns.
    pub(in crate::codegen) result: RustType,
    /// Its statements.
    pub(in crate::codegen) body: Block,
}

/// `name: Type`
#[derive(Clone, Debug)]
pub(in crate::codegen) struct Parameter {
    /// Its name.
    pub(in crate::codegen) name: Name,
    /// Its type.
    pub(in crate::codegen) of: RustType,
}

impl Parameter {
    /// A parameter; `_name` when nothing reads it.
    pub(in crate::codegen) fn new(name: &'static str, used: bool, of: RustType) -> Self {
        let name = Name::new(name);
        let name = if used { name } else { name.unread() };
        Self { name, of }
    }

    /// Whether anything reads it.
    pub(in crate::codegen) fn is_read(&self) -> bool {
        !self.name.is_unread()
    }
}

/// A type, as source text.
#[derive(Clone, Debug)]
pub(in crate::codegen) struct RustType(String);

impl RustType {
    /// A type of the runtime.
    pub(in crate::codegen) fn new(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// `&self`
    #[must_use]
    pub(in crate::codegen) fn borrowed(self) -> Self {
        Self(format!("&{}", self.0))
    }

    /// `[self; count]`
    #[must_use]
    pub(in crate::codegen) fn array(self, count: usize) -> Self {
        Self(format!("[{}; {count}]", self.0))
    }

    /// `self<arguments>`, with a lifetime or types.
    #[must_use]
    pub(in crate::codegen) fn of(self, arguments: &[&'static str]) -> Self {
        Self(format!("{}<{}>", self.0, arguments.join(", ")))
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
