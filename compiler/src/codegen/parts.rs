//! The parts of large expressions: functions that the functions of expressions call.
//!
//! Enters: bodies that were cut out of larger ones, with the parameters they need. Leaves: the name
//! of the function for each; equal ones share one. `rustc` takes more than twice the time and memory
//! for a function that is twice as long, so no function may grow with the text of a pipeline. Must
//! not know expressions.

use std::collections::HashMap;

use super::rust::{Block, Comment, Function, Name, Parameter, RustType};

/// An expression with at least this many nodes is a function of its own.
const LARGE: usize = 200;

/// The parts of one program.
#[derive(Debug)]
pub(super) struct Parts {
    /// See [`LARGE`]; tests cut smaller parts.
    large: usize,
    /// The function for each body with these parameters. It is only looked up.
    known: HashMap<(Vec<Name>, Block), Name>,
    new: Vec<Function>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            large: LARGE,
            known: HashMap::new(),
            new: Vec::new(),
        }
    }
}

impl Parts {
    /// The same parts; later ones have at least this many nodes.
    #[cfg(test)]
    pub(super) fn cut_at(self, large: usize) -> Self {
        Self { large, ..self }
    }

    /// From how many nodes on an expression is a part.
    pub(super) fn large(&self) -> usize {
        self.large
    }

    /// The name of the function with this body.
    pub(super) fn function(
        &mut self,
        parameters: Vec<Parameter>,
        result: RustType,
        body: Block,
    ) -> Name {
        let names = parameters.iter().map(|parameter| parameter.name.clone());
        let key = (names.collect(), body);
        if let Some(name) = self.known.get(&key) {
            return name.clone();
        }
        let name = Name::numbered("part", self.known.len());
        self.new.push(Function {
            about: Some(Comment::new("A part of a large expression.")),
            name: name.clone(),
            parameters,
            result,
            body: key.1.clone(),
        });
        self.known.insert(key, name.clone());
        name
    }

    /// The functions added since the last call.
    pub(super) fn take_new(&mut self) -> Vec<Function> {
        std::mem::take(&mut self.new)
    }
}
