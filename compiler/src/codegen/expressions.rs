//! The functions of a program's expressions; equal expressions share one.
//!
//! Enters: typed expressions, in the order in which they are met. Leaves: the name of the function
//! that evaluates each one, and the functions that have not been written yet. Sharing matters
//! because pipelines repeat expressions (`data.id`, `env.API_URL`) and a function costs rustc more
//! than anything else: with it, a chain of 1,000 mixed stages builds in two thirds of the time.
//! Must not know where an expression is.

use std::collections::HashMap;

use fmc_expr::Value;

use super::{
    constants::Constants,
    expr,
    parts::Parts,
    paths::{self, Imports},
    rust::{Block, Comment, Function, Item, Name, Parameter, RustType},
    shapes::Shapes,
};
use crate::ir::expr::{Expr, Expression};

/// The functions of one program's expressions.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    constants: Constants,
    /// The function for each body. It is only looked up and never iterated, so its order cannot
    /// matter.
    known: HashMap<Block, Name>,
    new: Vec<Item>,
    parts: Parts,
    shapes: Shapes,
    /// Whether an expression uses regular expressions. Set here; read where the features of the
    /// program are collected.
    pub(super) uses_regex: bool,
    /// Whether an expression has a loop over elements. Set here; the driver reads it to choose the
    /// level of optimisation.
    pub(super) loops: bool,
}

impl Expressions {
    /// The name of the function that evaluates an expression.
    pub(super) fn function(&mut self, expression: &Expression, imports: &mut Imports) -> Name {
        self.function_of(&expression.typed, expression, imports)
    }

    /// The name of the function that evaluates `typed`, which was made of an expression.
    pub(super) fn function_of(
        &mut self,
        typed: &Expr,
        expression: &Expression,
        imports: &mut Imports,
    ) -> Name {
        let compiled = {
            let (constants, parts) = (&mut self.constants, &mut self.parts);
            expr::function(typed, imports, constants, parts)
        };
        for part in self.parts.take_new() {
            self.shapes.note(&part);
            self.new.push(Item::Function(part));
        }
        self.uses_regex |= compiled.uses_regex;
        self.loops |= compiled.loops;
        if let Some(name) = self.known.get(&compiled.body) {
            return name.clone();
        }
        let name = Name::numbered("e", self.known.len());
        self.known.insert(compiled.body.clone(), name.clone());
        let value = imports.name(paths::VALUE);
        let error = imports.name(paths::EVAL_ERROR);
        let budget = RustType::new(imports.name(paths::CX)).borrowed();
        let function = Function {
            about: Some(Comment::back_ticked(expression.text())),
            name: name.clone(),
            parameters: vec![
                Parameter::new("s", compiled.uses_scope, imports.scope()),
                Parameter::new("cx", compiled.uses_cx, budget),
            ],
            result: RustType::new("Result").of(&[value, error]),
            body: compiled.body,
        };
        self.shapes.note(&function);
        self.new.push(Item::Function(function));
        name
    }

    /// The name of the `static` item of a list or object that is known at compile time.
    pub(super) fn constant(&mut self, value: &Value, imports: &mut Imports) -> Name {
        self.constants.hoist(value, imports)
    }

    /// The functions added since the last call.
    pub(super) fn take_new(&mut self) -> Vec<Item> {
        std::mem::take(&mut self.new)
    }

    /// Which of them are alike.
    pub(super) fn into_shapes(self) -> Shapes {
        self.shapes
    }

    /// The constants that they share.
    pub(super) fn constants(&self, imports: &mut Imports) -> Vec<Item> {
        self.constants.items(imports)
    }
}
