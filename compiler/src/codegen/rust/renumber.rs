//! Numbers the variables of a body from 0, so that bodies that do the same become equal.
//!
//! Enters: a body whose variables (`v17`, and `item_8` of a loop) have numbers from the function
//! that it was written for, and the names of its parameters among them. Leaves: the same body with
//! `v0`, `item_1`, … in the order in which they appear. Must not know what the body computes.

use std::collections::HashMap;

use super::{Block, Branch, Name, RustExpr, Stmt};

/// Numbers the variables of a body anew, after its parameters. Returns the new names of these.
pub(in crate::codegen) fn renumber(parameters: &[Name], body: &mut Block) -> Vec<Name> {
    let mut names = Renumber::default();
    let parameters = parameters.iter().cloned().map(|mut parameter| {
        names.bind(&mut parameter);
        parameter
    });
    let parameters = parameters.collect();
    names.block(body);
    parameters
}

/// The new name of each variable. It is only looked up.
#[derive(Default)]
struct Renumber(HashMap<Name, Name>);

impl Renumber {
    fn block(&mut self, block: &mut Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Let(name, value) | Stmt::LetMut(name, value) | Stmt::Assign(name, value) => {
                self.name(name);
                self.code(value);
            }
            Stmt::LetIf(name, branch) => {
                self.name(name);
                self.branch(branch);
            }
            Stmt::Do(value) | Stmt::Return(value) | Stmt::Value(value) => self.code(value),
            Stmt::If(branch) => self.branch(branch),
            Stmt::For {
                label,
                item,
                items,
                body,
            } => {
                label.iter_mut().for_each(|label| self.name(label));
                self.bind(item);
                self.code(items);
                self.block(body);
            }
            Stmt::Unpack(names, list) => {
                names.iter_mut().for_each(|name| self.bind(name));
                self.name(list);
            }
            Stmt::Break(label) => label.iter_mut().for_each(|label| self.name(label)),
            Stmt::Continue => {}
        }
    }

    fn branch(&mut self, branch: &mut Branch) {
        self.code(&mut branch.condition);
        self.block(&mut branch.then);
        if let Some(otherwise) = &mut branch.otherwise {
            self.block(otherwise);
        }
    }

    fn code(&mut self, code: &mut RustExpr) {
        match code {
            RustExpr::Name(name) => self.name(name),
            RustExpr::Literal(_) => {}
            RustExpr::Call(_, codes)
            | RustExpr::Tuple(codes)
            | RustExpr::Array(codes)
            | RustExpr::Vector(codes) => codes.iter_mut().for_each(|code| self.code(code)),
            RustExpr::Method(receiver, _, arguments) => {
                self.code(receiver);
                arguments.iter_mut().for_each(|code| self.code(code));
            }
            RustExpr::Struct(_, fields) | RustExpr::Update(_, fields, _) => {
                fields.iter_mut().for_each(|(_, code)| self.code(code));
            }
            RustExpr::Borrow(inner)
            | RustExpr::Not(inner)
            | RustExpr::Try(inner)
            | RustExpr::Word(inner)
            | RustExpr::Constant(_, inner) => self.code(inner),
            RustExpr::And(left, right) | RustExpr::Or(left, right) => {
                self.code(left);
                self.code(right);
            }
        }
    }

    /// A variable, where it is bound or read.
    fn name(&mut self, name: &mut Name) {
        if name.is_variable() {
            self.bind(name);
        } else if let Some(new) = self.0.get(name) {
            *name = new.clone();
        }
    }

    /// A variable, where it is bound first.
    fn bind(&mut self, name: &mut Name) {
        let next = name.renumbered(self.0.len());
        *name = self.0.entry(name.clone()).or_insert(next).clone();
    }
}
