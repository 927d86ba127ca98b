//! Constants out of a body, so that bodies which differ in nothing else are one.
//!
//! Enters: a block. Leaves: the block with a parameter's name (`c0`, `c1`, …) where each varying
//! constant stood, and the constants in their order. Must not know what functions are made of it.

use super::{Block, Branch, Code, Name, Stmt, Varying};

/// A body and what was taken out of it.
#[derive(Debug)]
pub(in crate::codegen) struct Lifted {
    /// The body, with names instead of constants.
    pub(in crate::codegen) body: Block,
    /// What each name stands for, in order.
    pub(in crate::codegen) constants: Vec<(Varying, Code)>,
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
struct Lift(Vec<(Varying, Code)>);

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

    fn all(&mut self, codes: &[Code]) -> Vec<Code> {
        codes.iter().map(|code| self.code(code)).collect()
    }

    fn boxed(&mut self, code: &Code) -> Box<Code> {
        Box::new(self.code(code))
    }

    fn fields(&mut self, fields: &[(&'static str, Code)]) -> Vec<(&'static str, Code)> {
        let fields = fields.iter();
        fields
            .map(|(name, value)| (*name, self.code(value)))
            .collect()
    }

    fn code(&mut self, code: &Code) -> Code {
        match code {
            Code::Constant(what, constant) => self.constant(*what, constant),
            // Such a parameter is a reference already.
            Code::Borrow(inner) if matches!(**inner, Code::Constant(Varying::Built, _)) => {
                self.code(inner)
            }
            Code::Call(function, arguments) => Code::Call(function.clone(), self.all(arguments)),
            Code::Method(receiver, method, arguments) => {
                Code::Method(self.boxed(receiver), method, self.all(arguments))
            }
            Code::Tuple(items) => Code::Tuple(self.all(items)),
            Code::Array(items) => Code::Array(self.all(items)),
            Code::Vector(items) => Code::Vector(self.all(items)),
            Code::Struct(name, fields) => Code::Struct(name.clone(), self.fields(fields)),
            Code::Update(name, fields, base) => {
                Code::Update(name.clone(), self.fields(fields), base.clone())
            }
            Code::Borrow(inner) => Code::Borrow(self.boxed(inner)),
            Code::Not(inner) => Code::Not(self.boxed(inner)),
            Code::Try(inner) => Code::Try(self.boxed(inner)),
            Code::And(left, right) => Code::And(self.boxed(left), self.boxed(right)),
            Code::Or(left, right) => Code::Or(self.boxed(left), self.boxed(right)),
            Code::Word(inner) => Code::Word(self.boxed(inner)),
            Code::Name(_) | Code::Literal(_) => code.clone(),
        }
    }

    fn constant(&mut self, what: Varying, constant: &Code) -> Code {
        let name = parameter(self.0.len());
        let constant = match what {
            Varying::Text | Varying::Int | Varying::Stage => constant.clone(),
            Varying::Built => constant.clone().borrowed(),
        };
        self.0.push((what, constant));
        Code::Name(name)
    }
}
