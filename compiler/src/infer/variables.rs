//! The variables of the comprehensions around a place in an expression.
//!
//! Enters: variables, from the outside in. Leaves: the innermost variable with a name. Must not
//! know expressions.

use std::collections::HashMap;

use crate::{ir::expr::LocalId, types::Type};

/// A variable of a comprehension.
#[derive(Debug)]
pub(super) struct Variable {
    name: String,
    /// Its number.
    pub(super) id: LocalId,
    /// Its type.
    pub(super) ty: Type,
}

/// The variables in scope.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Innermost last.
    all: Vec<Variable>,
    /// The indices of the variables with each name, innermost last. A name is looked up for each
    /// name of an expression, so it is not searched for among all.
    places: HashMap<String, Vec<usize>>,
}

impl Variables {
    /// Adds a variable inside all others.
    pub(super) fn push(&mut self, name: &str, id: LocalId, ty: Type) {
        let places = self.places.entry(name.to_owned()).or_default();
        places.push(self.all.len());
        let name = name.to_owned();
        self.all.push(Variable { name, id, ty });
    }

    /// The innermost variable with a name.
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.all.get(*self.places.get(name)?.last()?)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Removes the innermost ones until so many are left.
    pub(super) fn truncate(&mut self, count: usize) {
        for variable in self.all.drain(count.min(self.all.len())..).rev() {
            if let Some(places) = self.places.get_mut(&variable.name) {
                places.pop();
            }
        }
    }

    /// Their names, innermost last.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|variable| &*variable.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{LocalId, Type, Variables};

    #[test]
    fn the_innermost_variable_wins_until_it_is_gone() {
        let mut variables = Variables::default();
        variables.push("a", LocalId(0), Type::Int);
        variables.push("b", LocalId(1), Type::Null);
        let outside = variables.len();
        variables.push("a", LocalId(2), Type::STR);
        variables.push("a", LocalId(3), Type::Bool);
        let id = |variables: &Variables, name| variables.get(name).map(|found| found.id);
        assert_eq!(id(&variables, "a"), Some(LocalId(3)));
        assert_eq!(id(&variables, "b"), Some(LocalId(1)));
        variables.truncate(outside);
        assert_eq!(id(&variables, "a"), Some(LocalId(0)));
        assert_eq!(variables.names().collect::<Vec<_>>(), ["a", "b"]);
        variables.truncate(0);
        assert_eq!(id(&variables, "a"), None);
    }
}
