//! The part of Rust that generated programs are written in, as data.
//!
//! Enters: names that are ours, literals of any text or number. Leaves: expressions, statements
//! and items, not yet laid out. A text of a pipeline can only become a [`Literal`], a
//! [`Comment`] or a [`Name`] of letters and digits: nothing else here takes a `&str` that is
//! not `'static`, and what is read from a file never is. Must not know pipelines nor layout.

mod code;
mod comment;
mod item;
mod lift;
mod literal;
mod name;
mod stmt;

pub(super) use code::{Code, Varying};
pub(super) use comment::Comment;
pub(super) use item::{Function, Item, Parameter, Type};
pub(super) use lift::{Lifted, lift, parameter};
pub(super) use literal::Literal;
pub(super) use name::Name;
pub(super) use stmt::{Block, Branch, Stmt};
