//! The name that a misspelt one most likely stands for.
//!
//! Enters: an unknown field and its type, or an unknown name and the names in scope. Leaves: the
//! nearest one, if one is near. There are only so many searches, because each goes through all that
//! are known. Must not know where the name is read.

use std::collections::HashMap;

use crate::{diagnostics::suggest::Searches, types::Type};

/// The searches so far.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    /// The answers for fields: by type, then by the field that the type lacks.
    fields: HashMap<Type, HashMap<String, Option<String>>>,
    /// The searches for fields.
    field_searches: Searches,
    /// The searches for names in scope.
    name_searches: Searches,
    /// The searches for variables of `context`.
    variable_searches: Searches,
}

impl Nearest {
    /// The field of a type that is nearest to a name; `None` when none is near, and when there were
    /// too many searches.
    pub(super) fn field(&mut self, ty: &Type, name: &str) -> Option<String> {
        let known = self.fields.get(ty).and_then(|names| names.get(name));
        if let Some(near) = known {
            return near.clone();
        }
        if self.field_searches.are_over() {
            return None;
        }
        let near = self.field_searches.nearest(name, ty.field_names());
        let near = near.map(str::to_owned);
        let names = self.fields.entry(ty.clone()).or_default();
        names.insert(name.to_owned(), near.clone());
        near
    }

    /// The name in scope that is nearest to a name; `None` when none is near, and when there were
    /// too many searches. A name that was searched for before is searched for again, since other
    /// names may be in scope now.
    pub(super) fn name<'n>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        self.name_searches.nearest(name, known)
    }

    /// The variable of `context` that is nearest to a name; `None` when none is near, and when there
    /// were too many searches.
    pub(super) fn variable<'n>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        self.variable_searches.nearest(name, known)
    }
}

#[cfg(test)]
mod tests {
    use super::{Nearest, Type};

    #[test]
    fn after_many_searches_only_the_known_answers_are_given() {
        let fields = (0..1_000).map(|at| (format!("zz{at}"), Type::Int));
        let ty = Type::closed(fields.chain([("address".to_owned(), Type::Int)]));
        let mut nearest = Nearest::default();
        let near = Some("address".to_owned());
        assert_eq!(nearest.field(&ty, "adress"), near);
        assert_eq!(nearest.name("adress", ["address"]), near.as_deref());
        for at in 0..1_000 {
            assert_eq!(nearest.field(&ty, &format!("qqqq{at}")), None);
        }
        assert_eq!(nearest.field(&ty, "adress"), near);
        assert_eq!(nearest.field(&ty, "addres"), None);
        assert_eq!(nearest.name("addres", ["address"]), near.as_deref());
        let names = vec!["zz"; 100_000];
        for _ in 0..3 {
            assert_eq!(nearest.name("addres", names.iter().copied()), None);
        }
        assert_eq!(nearest.name("addres", ["address"]), None);
    }
}
