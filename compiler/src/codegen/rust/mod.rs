//! The part of Rust that generated programs use, as data.
//!
//! Enters: our own names, and literals of any text or number. Leaves: expressions, statements and
//! items that have no layout yet. Text of a pipeline can only become a [`Literal`], a [`Comment`],
//! or a [`Name`] of letters and digits: everything else here takes only `&'static str`, and text
//! from a file is never `'static`. Must not know pipelines or layout.

mod comment;
mod expr;
mod item;
mod lift;
mod literal;
mod name;
mod renumber;
mod stmt;

pub(super) use comment::Comment;
pub(super) use expr::{RustExpr, Varying};
pub(super) use item::{Function, Item, Parameter, RustType};
pub(super) use lift::{Lifted, lift, parameter};
pub(super) use literal::Literal;
pub(super) use name::Name;
pub(super) use renumber::renumber;
pub(super) use stmt::{Block, Branch, Stmt};
