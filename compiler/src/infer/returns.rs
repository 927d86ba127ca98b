//! The types of the results of calls.
//!
//! Enters: a builtin and its laid out arguments. Leaves: the type of its result, as its row in the
//! table of builtins says; `any` when the arguments do not decide it. Must not know expressions.

use fmc_expr::builtins::{Builtin, Kinds, Returns};

use crate::{ir::expr::Expr, types::Type};

/// The type of a call's result.
pub(super) fn returned(builtin: &Builtin, slots: &[Option<Expr>]) -> Type {
    let argument = |at: usize| {
        slots
            .get(at)
            .and_then(Option::as_ref)
            .map(|expr| expr.ty.clone())
    };
    let any = |at: usize| argument(at).unwrap_or(Type::Any);
    match builtin.returns {
        Returns::Kinds(kinds) => Type::of_kinds(kinds),
        Returns::ListOf(kinds) => Type::list(Type::of_kinds(kinds)),
        Returns::Argument(at) => any(at),
        Returns::Element(at) => any(at).element(),
        Returns::ElementOrNull(at) => any(at).element().or(Type::Null),
        Returns::ListOfElements(at) => Type::list(values_or_elements(builtin.name, &any(at))),
        Returns::ListOfLists => Type::list(Type::list(Type::Any)),
        Returns::Either(first, second) => {
            let other = argument(second).unwrap_or(Type::STR);
            let first = any(first);
            if first == Type::Null {
                other
            } else if first.kinds().overlaps(Kinds::NULL) {
                first.without_null().or(other)
            } else {
                first
            }
        }
        Returns::OneOf => one_of(slots),
        Returns::Sum => sum(&any(0).element(), &argument(1).unwrap_or(Type::Int)),
        Returns::Any => Type::Any,
    }
}

/// The type of one of several arguments, or of an element of a single one; for an empty one, that
/// of the default.
fn one_of(slots: &[Option<Expr>]) -> Type {
    let (default, values) = match slots.split_first() {
        Some((default, values)) => (default, values),
        None => (&None, slots),
    };
    let types: Vec<&Type> = values.iter().flatten().map(|value| &value.ty).collect();
    let best = match types.as_slice() {
        [only] => only.element(),
        several => {
            let each = several.iter().map(|ty| (*ty).clone());
            Type::union(each).unwrap_or(Type::Any)
        }
    };
    match default {
        Some(default) => best.or(default.ty.clone()),
        None => best,
    }
}

/// The type of a sum. For an empty list it is that of the start value.
fn sum(element: &Type, start: &Type) -> Type {
    let kinds = element.kinds().or(start.kinds());
    if element.is_loose() || start.is_loose() || !Kinds::NUMBER.contains(kinds) {
        return Type::Any;
    }
    match (Kinds::INTEGER.contains(kinds), start) {
        (true, _) => Type::Int,
        (false, Type::Float) => Type::Float,
        (false, _) => Type::Int.or(Type::Float),
    }
}

/// For `values()` of an object, the type of its values; otherwise that of the elements, which for
/// an object are its keys.
fn values_or_elements(name: &str, ty: &Type) -> Type {
    match (name, ty) {
        ("values", Type::Object(object)) => {
            let fields = object.fields.values().map(|field| field.ty.clone());
            Type::union(fields.chain(object.rest.clone())).unwrap_or(Type::Any)
        }
        ("values", _) => Type::Any,
        _ => ty.element(),
    }
}
