//! The body of one generated function: its statements so far, and values that are not placed yet.
//!
//! Enters: statements and pieces, in order of evaluation. Leaves: a block. Keeps that order: a
//! piece that may fail is bound to a variable before the statements that come after it. Must not
//! know what the expressions mean.

use std::collections::{BTreeMap, BTreeSet};

use super::{extent::Extent, piece::Piece};
use crate::{
    codegen::{
        constants::Constants,
        parts::Parts,
        paths::{Imports, RuntimeItem},
        rust::{Block, Branch, Name, RustExpr, Stmt},
    },
    ir::expr::LocalId,
};

/// Arguments wider than this are bound to variables first.
const ARGUMENTS: usize = 60;

/// A function's body.
pub(super) struct Body<'a> {
    imports: &'a mut Imports,
    constants: &'a mut Constants,
    parts: &'a mut Parts,
    /// The block being written.
    stmts: Block,
    /// How many variables have been named.
    variables: usize,
    /// What the code that is being written uses, and how large it is.
    pub(super) extent: Extent,
    /// Set when a builtin with regular expressions is called; see [`super::FunctionBody`].
    pub(super) uses_regex: bool,
    /// Set when a loop over elements is written.
    pub(super) has_loops: bool,
    locals: BTreeMap<LocalId, Name>,
    used: BTreeSet<LocalId>,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        imports: &'a mut Imports,
        constants: &'a mut Constants,
        parts: &'a mut Parts,
    ) -> Self {
        Self {
            imports,
            constants,
            parts,
            stmts: Vec::new(),
            variables: 0,
            extent: Extent::default(),
            uses_regex: false,
            has_loops: false,
            locals: BTreeMap::new(),
            used: BTreeSet::new(),
        }
    }

    /// The short name of an item of the runtime.
    pub(super) fn path(&mut self, item: RuntimeItem) -> &'static str {
        self.imports.name(item)
    }

    /// The imports and the constants of the program.
    pub(super) fn tables(&mut self) -> (&mut Imports, &mut Constants) {
        (self.imports, self.constants)
    }

    /// The functions that this one calls.
    pub(super) fn parts(&mut self) -> &mut Parts {
        self.parts
    }

    /// From how many nodes on an expression is a part.
    pub(super) fn large(&self) -> usize {
        self.parts.large()
    }

    /// The whole body.
    pub(super) fn finish(self) -> Block {
        self.stmts
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, stmt: Stmt) {
        self.stmts.push(stmt);
    }

    /// Adds statements that were written separately.
    pub(super) fn extend(&mut self, stmts: Block) {
        self.stmts.extend(stmts);
    }

    /// Calls `write` with an empty block and returns what it wrote there, with its result.
    pub(super) fn apart<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> (T, Block) {
        let around = std::mem::take(&mut self.stmts);
        let result = write(self);
        (result, std::mem::replace(&mut self.stmts, around))
    }

    /// The block that `write` writes.
    pub(super) fn block(&mut self, write: impl FnOnce(&mut Self)) -> Block {
        self.apart(write).1
    }

    /// The block that `write` writes, ending with the value it returns.
    pub(super) fn valued(&mut self, write: impl FnOnce(&mut Self) -> RustExpr) -> Block {
        self.block(|body| {
            let value = write(body);
            body.push(Stmt::Value(value));
        })
    }

    /// A new variable's name.
    pub(super) fn variable(&mut self) -> Name {
        let name = Name::variable(self.variables);
        self.variables += 1;
        name
    }

    /// Takes back the newest variable name, which was not needed.
    pub(super) fn forget_variable(&mut self) {
        self.variables = self.variables.saturating_sub(1);
    }

    /// Binds an expression to a new variable.
    pub(super) fn bind_code(&mut self, code: RustExpr) -> Name {
        let name = self.variable();
        self.push(Stmt::Let(name.clone(), code));
        name
    }

    /// Binds a piece to a variable, unless it is a variable already.
    pub(super) fn bind(&mut self, piece: Piece) -> Piece {
        if piece.is_name() {
            return piece;
        }
        Piece::local(self.bind_code(piece.owned()))
    }

    /// Adds the statements of something that is evaluated after some pieces. First binds those
    /// pieces that must be evaluated before these statements.
    pub(super) fn settle(&mut self, pieces: &mut [Piece], after: Block) {
        if after.is_empty() {
            return;
        }
        for piece in pieces.iter_mut().filter(|piece| piece.has_effect()) {
            *piece = self.bind(piece.clone());
        }
        self.extend(after);
    }

    /// Binds pieces to variables when together they would make a line too long.
    pub(super) fn fit(&mut self, pieces: &mut [Piece]) {
        let width: usize = pieces.iter().map(|piece| piece.owned().width() + 3).sum();
        if width <= ARGUMENTS {
            return;
        }
        for piece in pieces {
            if !piece.is_name() && (piece.has_effect() || piece.width() > ARGUMENTS / 4) {
                *piece = self.bind(piece.clone());
            }
        }
    }

    /// A variable that has one of two values; each branch returns its last expression.
    pub(super) fn if_else(
        &mut self,
        name: Name,
        condition: RustExpr,
        then: impl FnOnce(&mut Self) -> RustExpr,
        otherwise: impl FnOnce(&mut Self) -> RustExpr,
    ) {
        let then = self.valued(then);
        let otherwise = self.valued(otherwise);
        let branch = Branch {
            condition,
            then,
            otherwise: Some(otherwise),
        };
        self.push(Stmt::LetIf(name, branch));
    }

    /// Gives a variable of a comprehension its name.
    pub(super) fn declare(&mut self, id: LocalId, name: Name) {
        self.locals.insert(id, name);
    }

    /// A variable of a comprehension. It is marked as used.
    pub(super) fn local(&mut self, id: LocalId) -> Piece {
        self.used.insert(id);
        match self.locals.get(&id) {
            Some(name) => Piece::borrowed(name.clone()),
            // Every variable is declared before it is used; `().into()` is null.
            None => Piece::fresh(RustExpr::Tuple(Vec::new()).read("into")),
        }
    }

    /// Whether no variable of a comprehension has a name yet.
    pub(super) fn has_no_locals(&self) -> bool {
        self.locals.is_empty()
    }

    /// The name of a variable of a comprehension.
    pub(super) fn local_name(&self, id: LocalId) -> Option<Name> {
        self.locals.get(&id).cloned()
    }

    /// The name to bind a variable to; it starts with `_` when nothing reads the variable. Call
    /// this after everything that may read it has been written.
    pub(super) fn binding(&self, id: LocalId, name: &Name) -> Name {
        if self.used.contains(&id) {
            name.clone()
        } else {
            name.unread()
        }
    }
}
