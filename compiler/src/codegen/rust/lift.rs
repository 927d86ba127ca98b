//! Takes the constants out of a body, so that bodies that differ only in constants become equal.
//!
//! Enters: a block. Leaves: the block with a parameter's name (`c0`, `c1`, …) in place of each
//! varying constant, and the constants in order. Must not know which functions are made of it.

use super::{Block, Branch, Name, RustExpr, Stmt, Varying};

/// A body and what was taken out of it.
#[derive(Debug)]
pub(in crate::codegen) struct Lifted {
    /// The body, with names instead of constants.
    pub(in crate::codegen) body: Block,
    /// What each name stands for, in order.
    pub(in crate::codegen) constants: Vec<(Varying, RustExpr)>,
}

/// The name that stands for a constant.
pub(in crate::codegen) fn parameter(at: usize) -> Name {
    Name::numbered("c", at)
}

/// Takes the varying constants out of a block.
pub(in crate::codegen) fn lift(body: &Block) -> Lifted {
    let mut lift = Lift::default();
    let body = lift.block(body);
    Lifted {
        body,
        constants: lift.0,
    }
}

#[derive(Default)]
struct Lift(Vec<(Varying, RustExpr)>);

impl Lift {
    fn block(&mut self, block: &Block) -> Block {
        block.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    fn stmt(&mut self, stmt: &Stmt) -> Stmt {
        match stmt {
            Stmt::Let(name, value) => Stmt::Let(name.clone(), self.code(value)),
            Stmt::LetMut(name, value) => Stmt::LetMut(name.clone(), self.code(value)),
            Stmt::LetIf(name, branch) => Stmt::LetIf(name.clone(), self.branch(branch)),
            Stmt::Assign(name, value) => Stmt::Assign(name.clone(), self.code(value)),
            Stmt::Do(value) => Stmt::Do(self.code(value)),
            Stmt::Return(value) => Stmt::Return(self.code(value)),
            Stmt::Value(value) => Stmt::Value(self.code(value)),
            Stmt::If(branch) => Stmt::If(self.branch(branch)),
            Stmt::For {
                label,
                item,
                items,
                body,
            } => Stmt::For {
                label: label.clone(),
                item: item.clone(),
                items: self.code(items),
                body: self.block(body),
            },
            Stmt::Unpack(..) | Stmt::Continue | Stmt::Break(_) => stmt.clone(),
        }
    }

    fn branch(&mut self, branch: &Branch) -> Branch {
        Branch {
            condition: self.code(&branch.condition),
            then: self.block(&branch.then),
            otherwise: branch.otherwise.as_ref().map(|block| self.block(block)),
        }
    }

    fn all(&mut self, codes: &[RustExpr]) -> Vec<RustExpr> {
        codes.iter().map(|code| self.code(code)).collect()
    }

    fn boxed(&mut self, code: &RustExpr) -> Box<RustExpr> {
        Box::new(self.code(code))
    }

    fn fields(&mut self, fields: &[(&'static str, RustExpr)]) -> Vec<(&'static str, RustExpr)> {
        let fields = fields.iter();
        fields
            .map(|(name, value)| (*name, self.code(value)))
            .collect()
    }

    fn code(&mut self, code: &RustExpr) -> RustExpr {
        match code {
            RustExpr::Constant(what, constant) => self.constant(*what, constant),
            // Such a parameter is a reference already.
            RustExpr::Borrow(inner) if matches!(**inner, RustExpr::Constant(Varying::Built, _)) => {
                self.code(inner)
            }
            RustExpr::Call(function, arguments) => {
                RustExpr::Call(function.clone(), self.all(arguments))
            }
            RustExpr::Method(receiver, method, arguments) => {
                RustExpr::Method(self.boxed(receiver), method, self.all(arguments))
            }
            RustExpr::Tuple(items) => RustExpr::Tuple(self.all(items)),
            RustExpr::Array(items) => RustExpr::Array(self.all(items)),
            RustExpr::Vector(items) => RustExpr::Vector(self.all(items)),
            RustExpr::Struct(name, fields) => RustExpr::Struct(name.clone(), self.fields(fields)),
            RustExpr::Update(name, fields, base) => {
                RustExpr::Update(name.clone(), self.fields(fields), base.clone())
            }
            RustExpr::Borrow(inner) => RustExpr::Borrow(self.boxed(inner)),
            RustExpr::Not(inner) => RustExpr::Not(self.boxed(inner)),
            RustExpr::Try(inner) => RustExpr::Try(self.boxed(inner)),
            RustExpr::And(left, right) => RustExpr::And(self.boxed(left), self.boxed(right)),
            RustExpr::Or(left, right) => RustExpr::Or(self.boxed(left), self.boxed(right)),
            RustExpr::Word(inner) => RustExpr::Word(self.boxed(inner)),
            RustExpr::Name(_) | RustExpr::Literal(_) => code.clone(),
        }
    }

    fn constant(&mut self, what: Varying, constant: &RustExpr) -> RustExpr {
        let name = parameter(self.0.len());
        let constant = match what {
            Varying::Text | Varying::Int | Varying::Stage => constant.clone(),
            Varying::Built => constant.clone().borrowed(),
        };
        self.0.push((what, constant));
        RustExpr::Name(name)
    }
}
