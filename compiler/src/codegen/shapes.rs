//! One body for functions that differ in constants only.
//!
//! Enters: the functions of a program's expressions. Leaves: where many are alike but for the
//! stages, names, texts and numbers in them, one function of that shape that takes these, and
//! the others only call it. Of 1,000 mixed stages no two of which compute the same, rustc then has
//! five large bodies instead of 1,500, and needs 2.2 s instead of 3.9. Must not know expressions.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{
    paths::{self, Imports},
    rust::{
        Block, Code, Function, Item, Lifted, Name, Parameter, Stmt, Type, Varying, lift, parameter,
    },
};

/// Fewer that are alike keep bodies of their own: those are easier to read, and cost little.
const MANY: usize = 8;

/// A body that is one expression of this many characters is no larger than a call of a shape.
const SMALL: usize = 50;

/// The shapes of a program's functions.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// Bodies without their constants, in the order they were first met.
    known: IndexMap<Block, Shape>,
}

/// The functions that are alike.
#[derive(Debug)]
struct Shape {
    /// The first of them.
    first: Function,
    /// Whether they read the scope and charge the budget: all do, or none.
    uses: Uses,
    /// What a constant is, by position.
    varying: Vec<Varying>,
    /// Each with its constants.
    members: Vec<(Name, Vec<Code>)>,
}

/// Which of its parameters a function uses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Uses {
    /// The scope is read.
    pub(super) scope: bool,
    /// The budget is charged.
    pub(super) cx: bool,
}

impl Shapes {
    /// Notes a function of an expression.
    pub(super) fn note(&mut self, function: &Function, uses: Uses) {
        let Lifted { body, constants } = lift(&function.body);
        if is_small(&body) {
            return;
        }
        let (varying, constants): (Vec<_>, _) = constants.into_iter().unzip();
        let shape = self.known.entry(body).or_insert_with(|| Shape {
            first: function.clone(),
            uses,
            varying,
            members: Vec::new(),
        });
        shape.members.push((function.name.clone(), constants));
    }

    /// Gives functions among `items` that are alike one body, and the functions with these.
    pub(super) fn share(self, items: &mut [Item], imports: &mut Imports) -> Vec<Item> {
        let mut shared = Vec::new();
        let mut calls = HashMap::new();
        let many = |(_, shape): &(Block, Shape)| shape.members.len() >= MANY;
        for (at, (body, shape)) in self.known.into_iter().filter(many).enumerate() {
            let name = Name::numbered("shape", at);
            let of = shape.uses;
            for (member, constants) in shape.members {
                let scope = of.scope.then_some("s");
                let own = scope.into_iter().chain(of.cx.then_some("cx"));
                let arguments = own.map(Code::name).chain(constants).collect();
                let call = Code::Call(name.clone(), arguments);
                calls.insert(member, vec![Stmt::Value(call)]);
            }
            let own = shape.first.parameters.into_iter().zip([of.scope, of.cx]);
            let own = own.filter_map(|(parameter, used)| used.then_some(parameter));
            let constants = shape.varying.iter().enumerate();
            let constants = constants.map(|(at, what)| Parameter {
                name: parameter(at),
                of: type_of(*what, imports),
            });
            shared.push(Item::Function(Function {
                about: shape
                    .first
                    .about
                    .map(|about| about.then(", and what differs from it in constants only.")),
                name,
                parameters: own.chain(constants).collect(),
                result: shape.first.result,
                body,
            }));
        }
        for item in items {
            if let Item::Function(function) = item
                && let Some(call) = calls.remove(&function.name)
            {
                function.body = call;
            }
        }
        shared
    }
}

fn is_small(body: &Block) -> bool {
    matches!(body.as_slice(), [Stmt::Value(value)] if value.width() <= SMALL)
}

fn type_of(what: Varying, imports: &mut Imports) -> Type {
    match what {
        Varying::Text => Type::new("&'static str"),
        Varying::Int => Type::new("i64"),
        Varying::Stage => Type::new(imports.name(paths::STAGE_INDEX)),
        Varying::Built => Type::new(imports.name(paths::VALUE)).borrowed(),
    }
}
