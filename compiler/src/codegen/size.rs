//! How much memory `rustc` needs for a program.
//!
//! Enters: generated items. Leaves: an estimate in kilobytes, fitted to what rustc 1.95 needed for
//! sources of many shapes and sizes; it may be too high or too low by half. Time grows with it, by
//! about 20 ms for each megabyte. Must not know pipelines.

use super::{
    paths,
    rust::{Block, Branch, Function, Item, RustExpr, Stmt},
};

/// The most that the code of a program may need. `rustc` needs 130 MB more for itself.
pub(super) const MOST: usize = 1_000_000;

/// A function, without its body; or a constant.
const ITEM: usize = 4;
/// What a function needs, squared and divided by this, may be needed once more: for 20,000 rows of
/// settings in one function, the peak is twice what they need in many.
const LONG: usize = 260_000;
/// A call.
const CALL: usize = 4;
/// A node of a tree of settings.
const NODE: usize = 3;
/// What such a node refers to: a constant of its own.
const REFERRED: usize = 10;
/// A `?`: a branch, and one more way through everything that must be dropped.
const TRY: usize = 12;
/// A reference.
const BORROW: usize = 3;
/// A record.
const RECORD: usize = 2;
/// A variable.
const LET: usize = 4;
/// An `if`.
const IF: usize = 15;
/// A loop, without what is in it.
const FOR: usize = 40;
/// So many names, squared, in one pattern cost one.
const NAMES: usize = 40;

/// The estimate for an item.
pub(super) fn of(item: &Item) -> usize {
    match item {
        Item::Static(..) | Item::Const(..) => ITEM,
        Item::Function(Function { body, .. }) => {
            let body = block(body);
            ITEM + body + body.saturating_mul(body) / LONG
        }
    }
}

fn block(block: &Block) -> usize {
    block.iter().map(stmt).sum()
}

fn stmt(stmt: &Stmt) -> usize {
    match stmt {
        Stmt::Let(_, value) | Stmt::LetMut(_, value) | Stmt::Assign(_, value) => LET + code(value),
        Stmt::LetIf(_, branch) => LET + branched(branch),
        Stmt::If(branch) => branched(branch),
        // In such a pattern, rustc's memory grows with the square.
        Stmt::Unpack(names, _) => (LET + names.len() / NAMES) * names.len(),
        Stmt::Do(value) | Stmt::Return(value) | Stmt::Value(value) => code(value),
        Stmt::For { items, body, .. } => FOR + code(items) + block(body),
        Stmt::Continue | Stmt::Break(_) => 0,
    }
}

fn branched(branch: &Branch) -> usize {
    let otherwise = branch.otherwise.as_ref().map_or(0, block);
    IF + code(&branch.condition) + block(&branch.then) + otherwise
}

fn code(code: &RustExpr) -> usize {
    let all = |codes: &[RustExpr]| codes.iter().map(self::code).sum::<usize>();
    match code {
        RustExpr::Name(_) | RustExpr::Literal(_) => 0,
        RustExpr::Call(name, codes) if name.is_in(paths::NODE.name()) => {
            let refers = matches!(codes.as_slice(), [RustExpr::Borrow(_)]);
            NODE + if refers { REFERRED } else { 0 } + all(codes)
        }
        RustExpr::Call(_, codes) | RustExpr::Vector(codes) => CALL + all(codes),
        RustExpr::Tuple(codes) | RustExpr::Array(codes) => all(codes),
        RustExpr::Method(receiver, _, arguments) => CALL + self::code(receiver) + all(arguments),
        RustExpr::Struct(_, fields) | RustExpr::Update(_, fields, _) => {
            let fields = fields.iter().map(|(_, value)| self::code(value));
            RECORD + fields.sum::<usize>()
        }
        RustExpr::Borrow(inner) => BORROW + self::code(inner),
        RustExpr::Try(inner) => TRY + self::code(inner),
        RustExpr::Not(inner) | RustExpr::Word(inner) | RustExpr::Constant(_, inner) => {
            self::code(inner)
        }
        RustExpr::And(left, right) | RustExpr::Or(left, right) => {
            IF + self::code(left) + self::code(right)
        }
    }
}
