//! Large expressions in several functions.
//!
//! Enters: code of an expression that was written apart, with what it uses. Leaves: the same code in
//! place, or a call of a part that has it, so that no function grows with the text of a pipeline.
//! Must not know what the expression means.

use std::collections::BTreeSet;

use super::{body::Body, control::Truth, extent::Extent, piece::Piece};
use crate::{
    codegen::{
        paths,
        rust::{Block, Name, Parameter, RustExpr, RustType, Stmt, renumber},
    },
    ir::expr::{Clause, Expr, ExprKind, LocalId, Target},
};

/// Operands with fewer nodes than this stay where they are, however many there are.
const SMALL: usize = 4;
/// So many operands can each be nearly large.
pub(super) const FEW: usize = 4;

/// Code that is not placed yet.
pub(super) struct Apart {
    /// Its statements.
    pub(super) block: Block,
    /// What it uses.
    pub(super) extent: Extent,
}

impl Body<'_> {
    /// Adds the statements that an expression needs, and returns the piece that is its value.
    pub(super) fn emit(&mut self, expr: &Expr) -> Piece {
        self.emit_below(expr, self.large())
    }

    /// The same, for an expression that shall have fewer nodes than this where it is.
    pub(super) fn emit_below(&mut self, expr: &Expr, most: usize) -> Piece {
        let (piece, apart) = self.measured(|body| {
            body.extent.nodes += 1;
            body.whole(expr)
        });
        if apart.extent.nodes < most {
            self.place(apart);
            return piece;
        }
        let value = self.path(paths::VALUE);
        let call = self.part(apart, piece.result(), value, &[expr]);
        Piece::call(call)
    }

    /// The truth value of an expression.
    pub(super) fn truth(&mut self, expr: &Expr) -> Truth {
        self.truth_below(expr, self.large())
    }

    /// The same, for an expression that shall have fewer nodes than this where it is.
    pub(super) fn truth_below(&mut self, expr: &Expr, most: usize) -> Truth {
        let (truth, apart) = self.measured(|body| body.whole_truth(expr));
        if apart.extent.nodes < most {
            self.place(apart);
            return truth;
        }
        self.truth_part(apart, truth.code(), &[expr])
    }

    /// A part that gives a `bool`, as a value.
    pub(super) fn truth_part(&mut self, apart: Apart, holds: RustExpr, of: &[&Expr]) -> Truth {
        let value = self.path(paths::VALUE);
        let bool = RustExpr::Call(Name::within(value, "Bool"), vec![holds]);
        let call = self.part(apart, RustExpr::call("Ok", vec![bool]), value, of);
        let code = self.truthy(&Piece::call(call));
        self.short(code, true)
    }

    /// Adds an expression as the last one of a block, which gives a `Result`.
    pub(super) fn tail(&mut self, expr: &Expr) {
        if !matches!(expr.kind, ExprKind::Logic(..) | ExprKind::Ternary { .. }) {
            self.whole_tail(expr);
            return;
        }
        let ((), apart) = self.measured(|body| body.whole_tail(expr));
        if apart.extent.nodes < self.large() {
            self.place(apart);
            return;
        }
        let value = self.path(paths::VALUE);
        let call = self.function_of(apart, value, &[expr]);
        self.push(Stmt::Value(call));
    }

    /// The most nodes that each of so many operands may have where it is.
    pub(super) fn share(&self, operands: usize) -> usize {
        match operands > FEW {
            true => (self.large() / operands).max(SMALL),
            false => self.large(),
        }
    }

    /// Whether expressions have so many nodes together that statements should put them together.
    pub(super) fn are_large<'e>(&self, exprs: impl Iterator<Item = &'e Expr>) -> bool {
        let large = self.large();
        exprs.flat_map(Expr::all).take(large).count() == large
    }

    /// What `write` writes, apart, and what it uses.
    pub(super) fn measured<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> (T, Apart) {
        let around = std::mem::take(&mut self.extent);
        let (result, block) = self.apart(write);
        let extent = std::mem::replace(&mut self.extent, around);
        (result, Apart { block, extent })
    }

    /// Adds code that was written apart.
    pub(super) fn place(&mut self, apart: Apart) {
        self.extend(apart.block);
        self.extent.add(apart.extent);
    }

    /// A call of a function with this code and this last expression, a `Result`. `gives` is the type
    /// of its value; `of` are the expressions that it evaluates.
    pub(super) fn part(
        &mut self,
        mut apart: Apart,
        last: RustExpr,
        gives: &'static str,
        of: &[&Expr],
    ) -> RustExpr {
        apart.block.push(Stmt::Value(last));
        self.function_of(apart, gives, of)
    }

    fn function_of(&mut self, apart: Apart, gives: &'static str, of: &[&Expr]) -> RustExpr {
        let Apart { mut block, extent } = apart;
        let locals = self.free(of);
        let own = renumber(&locals, &mut block);
        let mut parameters = Vec::new();
        if extent.scope {
            let (imports, _) = self.tables();
            parameters.push(Parameter::new("s", true, imports.scope()));
        }
        if extent.cx {
            let budget = RustType::new(self.path(paths::CX)).borrowed();
            parameters.push(Parameter::new("cx", true, budget));
        }
        self.extent.add(Extent {
            nodes: 1 + locals.len(),
            ..extent
        });
        let value = RustType::new(self.path(paths::VALUE)).borrowed();
        let names = parameters.iter().map(|parameter| parameter.name.clone());
        let arguments = names.chain(locals).map(RustExpr::Name).collect();
        parameters.extend(own.into_iter().map(|name| Parameter {
            name,
            of: value.clone(),
        }));
        let error = self.path(paths::EVAL_ERROR);
        let result = RustType::new("Result").of(&[gives, error]);
        RustExpr::Call(self.parts().function(parameters, result, block), arguments)
    }

    /// The variables of comprehensions around expressions that these read.
    fn free(&self, of: &[&Expr]) -> Vec<Name> {
        if self.has_no_locals() {
            return Vec::new();
        }
        let (mut read, mut bound) = (BTreeSet::new(), BTreeSet::new());
        for expr in of.iter().flat_map(|expr| expr.all()) {
            if let ExprKind::Local(id) = &expr.kind {
                read.insert(*id);
            } else if let ExprKind::Comprehension { clauses, .. } = &expr.kind {
                for Clause { target, .. } in clauses {
                    bind(target, &mut bound);
                }
            }
        }
        let free = read.difference(&bound);
        free.filter_map(|id| self.local_name(*id)).collect()
    }
}

fn bind(target: &Target, bound: &mut BTreeSet<LocalId>) {
    match target {
        Target::Local(id, _) => {
            bound.insert(*id);
        }
        Target::Tuple(targets) => targets.iter().for_each(|target| bind(target, bound)),
    }
}
