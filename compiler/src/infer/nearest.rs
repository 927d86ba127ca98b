//! The name that a misspelt one most likely stands for.
//!
//! Enters: an unknown field and its type, or an unknown name and the names in scope. Leaves: the
//! nearest one, if one is near. Only so many are searched for, because each search goes through all
//! that are known. Must not know where the name is read.

use std::collections::{HashMap, HashSet};

use crate::{diagnostics::suggest, resolve::SEARCHED, types::Type};

/// The searches so far.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    /// The answers for fields: by type, then by the field that the type lacks.
    fields: HashMap<Type, HashMap<String, Option<String>>>,
    /// How many answers there are.
    searched: usize,
    /// The names that were searched for among the names in scope.
    names: HashSet<String>,
}

impl Nearest {
    /// The field of a type that is nearest to a name; `None` when none is near, and after
    /// [`SEARCHED`] different questions.
    pub(super) fn field(&mut self, ty: &Type, name: &str) -> Option<String> {
        let known = self.fields.get(ty).and_then(|names| names.get(name));
        if let Some(near) = known {
            return near.clone();
        }
        if self.searched >= SEARCHED {
            return None;
        }
        self.searched += 1;
        let near = suggest::nearest(name, ty.field_names()).map(str::to_owned);
        let names = self.fields.entry(ty.clone()).or_default();
        names.insert(name.to_owned(), near.clone());
        near
    }

    /// The name in scope that is nearest to a name; `None` when none is near, and after [`SEARCHED`]
    /// different names. A name that was searched for before is searched for again, since other
    /// names may be in scope now.
    pub(super) fn name<'n>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        if !self.names.contains(name) {
            if self.names.len() >= SEARCHED {
                return None;
            }
            self.names.insert(name.to_owned());
        }
        suggest::nearest(name, known)
    }
}

#[cfg(test)]
mod tests {
    use super::{Nearest, SEARCHED, Type};

    #[test]
    fn after_many_searches_only_the_known_answers_are_given() {
        let ty = Type::closed([("address".to_owned(), Type::Int)]);
        let mut nearest = Nearest::default();
        let near = Some("address".to_owned());
        assert_eq!(nearest.field(&ty, "adress"), near);
        assert_eq!(nearest.name("adress", ["address"]), near.as_deref());
        for at in 0..SEARCHED {
            assert_eq!(nearest.field(&ty, &format!("zz{at}")), None);
            assert_eq!(nearest.name(&format!("zz{at}"), ["address"]), None);
        }
        assert_eq!(nearest.field(&ty, "adress"), near);
        assert_eq!(nearest.field(&ty, "addres"), None);
        assert_eq!(nearest.name("adress", ["address"]), near.as_deref());
        assert_eq!(nearest.name("addres", ["address"]), None);
    }
}
