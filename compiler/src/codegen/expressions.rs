//! The functions of a program's expressions, equal ones shared.
//!
//! Enters: typed expressions, in the order they are met. Leaves: the name of the function that
//! computes each, and the functions not yet written. Pipelines say the same again and again
//! (`data.id`, `env.API_URL`), and a function costs rustc more than anything else: a chain of
//! 1,000 mixed stages builds in two thirds of the time. Must not know where an expression stands.

use std::collections::HashMap;

use super::{
    constants::Constants,
    expr,
    paths::{self, Imports},
    rust::{Block, Comment, Function, Item, Name, Parameter, Type},
    shapes::{Shapes, Uses},
};
use crate::ir::expr::Expression;

/// The functions of one program's expressions.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    constants: Constants,
    /// The function of each body. Only ever asked, so its order does not matter.
    known: HashMap<Block, Name>,
    new: Vec<Item>,
    shapes: Shapes,
    /// Regular expressions are used. Set here, read where the program's features are named.
    pub(super) uses_regex: bool,
    /// Something loops over elements. Set here, read by the driver to choose a level of
    /// optimisation.
    pub(super) loops: bool,
}

impl Expressions {
    /// The name of the function that computes an expression.
    pub(super) fn function(&mut self, expression: &Expression, imports: &mut Imports) -> Name {
        let compiled = expr::function(&expression.typed, imports, &mut self.constants);
        self.uses_regex |= compiled.uses_regex;
        self.loops |= compiled.loops;
        if let Some(name) = self.known.get(&compiled.body) {
            return name.clone();
        }
        let name = Name::numbered("e", self.known.len());
        self.known.insert(compiled.body.clone(), name.clone());
        let value = imports.name(paths::VALUE);
        let error = imports.name(paths::EVAL_ERROR);
        let budget = Type::new(imports.name(paths::CX)).borrowed();
        let function = Function {
            about: Some(Comment::quoted(expression.text())),
            name: name.clone(),
            parameters: vec![
                Parameter::new("s", compiled.uses_scope, imports.scope()),
                Parameter::new("cx", compiled.uses_cx, budget),
            ],
            result: Type::new("Result").of(&[value, error]),
            body: compiled.body,
        };
        let uses = Uses {
            scope: compiled.uses_scope,
            cx: compiled.uses_cx,
        };
        self.shapes.note(&function, uses);
        self.new.push(Item::Function(function));
        name
    }

    /// The functions that were not asked for before.
    pub(super) fn take_new(&mut self) -> Vec<Item> {
        std::mem::take(&mut self.new)
    }

    /// Which of them are alike.
    pub(super) fn into_shapes(self) -> Shapes {
        self.shapes
    }

    /// The constants all of them share.
    pub(super) fn constants(&self, imports: &mut Imports) -> Vec<Item> {
        self.constants.items(imports)
    }
}
