//! What two types have in common.
//!
//! Enters: two types, such as those of a schema and of one beside it in `allOf`. Leaves: the type
//! of the values that fit both, as exactly as types can say it; `any` when no value fits both. Must
//! not know schemas.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{FieldType, ObjectType, Type};

/// With more pairs of alternatives than this, the first type is the answer: comparing all pairs
/// would take long.
const MAX_PAIRS: usize = 64;

/// This many types are joined one after the other; more are joined in pairs, then pairs of pairs.
const FEW: usize = 8;

impl Type {
    /// The type of the values that fit all of them; `None` when there are none. Each object is
    /// copied a few times only, however many there are.
    #[must_use]
    pub fn all(mut types: Vec<Self>) -> Option<Self> {
        while types.len() > FEW {
            let mut rest = types.into_iter();
            let mut pairs = Vec::new();
            while let Some(first) = rest.next() {
                pairs.push(match rest.next() {
                    Some(second) => first.and(second),
                    None => first,
                });
            }
            types = pairs;
        }
        types.into_iter().reduce(Self::and)
    }

    /// The type of the values that fit both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Error, _) | (_, Self::Error) => Self::Error,
            (Self::Any, ty) | (ty, Self::Any) => ty,
            (a, b) => {
                let (left, right) = (a.alternatives(), b.alternatives());
                if left.len() * right.len() > MAX_PAIRS {
                    return a;
                }
                let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
                let shared = pairs.filter_map(|(a, b)| pair(a, b));
                Self::union(shared).unwrap_or(Self::Any)
            }
        }
    }
}

fn pair(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::Str(Some(a)), Type::Str(Some(b))) => {
            let both = a.iter().filter(|text| b.binary_search(text).is_ok());
            let both: Arc<[String]> = both.cloned().collect();
            (!both.is_empty()).then(|| Type::Str(Some(both)))
        }
        (Type::Str(None), Type::Str(_)) => Some(b.clone()),
        (Type::Str(_), Type::Str(None)) => Some(a.clone()),
        (Type::List(a), Type::List(b)) => Some(Type::list(a.as_ref().clone().and((**b).clone()))),
        (Type::Object(a), Type::Object(b)) => Some(object(a, b)),
        _ => (a == b).then(|| a.clone()),
    }
}

/// An object with the fields of both. Strictly, a closed object refuses fields that only the other
/// type declares; but an author who writes such a pair means both sets of fields.
fn object(a: &ObjectType, b: &ObjectType) -> Type {
    let mut fields: IndexMap<String, FieldType> = a.fields.clone();
    for (name, field) in &b.fields {
        let both = match a.fields.get(name) {
            Some(other) => FieldType {
                ty: other.ty.clone().and(field.ty.clone()),
                optional: other.optional && field.optional,
            },
            None => field.clone(),
        };
        fields.insert(name.clone(), both);
    }
    let rest = match (&a.rest, &b.rest) {
        (Some(a), Some(b)) => Some(a.clone().and(b.clone())),
        _ => None,
    };
    Type::object(fields, rest)
}

#[cfg(test)]
mod tests {
    use super::Type;

    #[test]
    fn a_meet_is_what_both_types_accept() {
        let number = || Type::Int.or(Type::Float);
        assert_eq!(number().and(Type::Int.or(Type::Null)), Type::Int);
        assert_eq!(Type::Any.and(Type::Int), Type::Int);
        let words = || Type::literal("a").or(Type::literal("b"));
        assert_eq!(words().and(Type::STR), words());
        assert_eq!(words().and(Type::literal("a")), Type::literal("a"));
        // No value fits both, so nothing is known.
        assert_eq!(Type::Int.and(Type::STR), Type::Any);
    }

    #[test]
    fn many_types_have_the_fields_of_all_in_order() {
        let each = (0..99).map(|at| Type::closed([(format!("k{at}"), Type::Int)]));
        let all = Type::all(each.collect()).unwrap();
        let names: Vec<_> = (0..99).map(|at| format!("k{at}")).collect();
        assert_eq!(all.field_names().collect::<Vec<_>>(), names);
        assert_eq!(Type::all(Vec::new()), None);
    }

    #[test]
    fn objects_have_the_fields_of_both() {
        let a = Type::closed([("a".to_owned(), Type::Int.or(Type::Null))]);
        let b = Type::closed([("a".to_owned(), Type::Int), ("b".to_owned(), Type::STR)]);
        assert_eq!(a.clone().and(b.clone()), b);
        assert_eq!(Type::open().and(a.clone()), a);
    }
}
