//! Tests of unions: many at once, as from the first to the last, and bounded.

use indexmap::IndexMap;
use proptest::prelude::*;

use super::{MAX_MEMBERS, Type};
use crate::types::FieldType;

fn row(fields: &[(&str, Type)]) -> Type {
    let fields = fields.iter().cloned();
    Type::closed(fields.map(|(name, ty)| (name.to_owned(), ty)))
}

/// Small types, in which the same parts come again and again.
fn any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        1 => Just(Type::Any),
        1 => Just(Type::Error),
        8 => Just(Type::Null),
        8 => Just(Type::Int),
        4 => Just(Type::STR),
        16 => "[a-d]".prop_map(|text| Type::literal(&text)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let field = ("[a-c]", inner.clone(), any::<bool>());
        let fields = prop::collection::vec(field, 0..3);
        let rest = prop::option::of(inner.clone());
        prop_oneof![
            inner.clone().prop_map(Type::list),
            (inner.clone(), inner).prop_map(|(a, b)| a.or(b)),
            (fields, rest).prop_map(|(fields, rest)| {
                let field = |(name, ty, optional)| (name, FieldType { ty, optional });
                Type::object(fields.into_iter().map(field).collect(), rest)
            }),
        ]
    })
}

/// How the union of two types was defined before there was one of many: each alternative is
/// compared with all before it.
fn or(a: Type, b: Type) -> Type {
    match (a, b) {
        (Type::Error, _) | (_, Type::Error) => Type::Error,
        (Type::Any, _) | (_, Type::Any) => Type::Any,
        (Type::Str(a), Type::Str(b)) => Type::Str(super::join_literals(a, b)),
        (Type::List(a), Type::List(b)) => Type::list(or((*a).clone(), (*b).clone())),
        (a, b) if a == b => a,
        (a, b) => {
            let mut members: Vec<Type> = Vec::new();
            for new in a.alternatives().iter().chain(b.alternatives()) {
                let merges = |old: &Type| {
                    let both = (old, new);
                    let texts = matches!(both, (Type::Str(_), Type::Str(_)));
                    old == new || texts || matches!(both, (Type::List(_), Type::List(_)))
                };
                match members.iter_mut().find(|old| merges(old)) {
                    Some(old) => *old = or(old.clone(), new.clone()),
                    None => members.push(new.clone()),
                }
            }
            match members.as_slice() {
                [only] => only.clone(),
                _ => Type::Union(members.into()),
            }
        }
    }
}

proptest! {
    #[test]
    fn many_at_once_are_as_one_after_the_other(
        types in prop::collection::vec(any_type(), 0..8)
    ) {
        let expected = types.iter().cloned().reduce(or);
        let found = Type::union(types.iter().cloned());
        // The text too, because the order of the alternatives is part of it.
        let text = |ty: &Option<Type>| ty.as_ref().map(|ty| format!("{ty:#}"));
        prop_assert_eq!(text(&found), text(&expected));
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(found, types.into_iter().reduce(Type::or));
    }
}

#[test]
fn the_order_of_fields_makes_no_difference() {
    let one = row(&[("a", Type::Int), ("b", Type::Null)]);
    let other = row(&[("b", Type::Null), ("a", Type::Int)]);
    assert_eq!(one.clone().or(other), one);
    // Names and types that change places are another object.
    let swapped = row(&[("a", Type::Null), ("b", Type::Int)]);
    assert_eq!(one.or(swapped).alternatives().len(), 2);
}

#[test]
fn a_long_table_has_one_type() {
    let host = |at: usize| row(&[("id", Type::Int), ("name", Type::literal(&at.to_string()))]);
    let few = Type::union((0..MAX_MEMBERS).map(host)).unwrap();
    assert_eq!(few.alternatives().len(), MAX_MEMBERS);
    let many = Type::union((0..=MAX_MEMBERS).map(host)).unwrap();
    assert_eq!(many, row(&[("id", Type::Int), ("name", Type::STR)]));
    // A row of its own kind stays.
    let mixed = Type::union((0..=MAX_MEMBERS).map(host).chain([Type::Null])).unwrap();
    assert_eq!(mixed.to_string(), "object{id: int, name: string} | null");
}

#[test]
fn too_many_different_objects_have_any_fields() {
    let unlike = |at: usize| row(&[(&format!("k{at}"), Type::Int)]);
    let few = Type::union((0..MAX_MEMBERS).map(unlike)).unwrap();
    assert_eq!(few.alternatives().len(), MAX_MEMBERS);
    let other = Type::object(IndexMap::new(), Some(Type::Int));
    assert_eq!(few.or(other), Type::open());
    let many = (0..=MAX_MEMBERS).map(unlike).chain([Type::Null]);
    let many = Type::union(many).unwrap();
    assert_eq!(many, Type::open().or(Type::Null));
    // A type of more than `MOST` types is `any`, as ever.
    assert_eq!(Type::union((0..2_000).map(unlike)), Some(Type::Any));
}
