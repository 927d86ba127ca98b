//! What several types have in common with any one of them.
//!
//! Enters: types, such as those of all elements of a list. Leaves: the type of the values that fit
//! at least one of them. Equal types are found by hash, so that a table of a thousand rows costs a
//! thousand steps. Must not know where the types come from.

use std::sync::Arc;

use indexmap::IndexSet;

use super::{FieldType, MOST, ObjectType, Size, Type};

/// With more alternatives than this, the texts of strings in objects are no longer kept, so that
/// `{"name": "host-0"}`, `{"name": "host-1"}`, … become one type. When there are still more, all
/// objects become one with any fields. Every read of a field goes through all alternatives.
const MAX_MEMBERS: usize = 64;

/// A string with more possible texts than this becomes any string.
const MAX_LITERALS: usize = 32;

/// The texts that a string can be, sorted; `None` when they are not known.
type Literals = Option<Arc<[String]>>;

impl Type {
    /// The type of values that fit either type.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        let mut members = Members::default();
        members.add(self);
        members.add(other);
        members.into_type()
    }

    /// The type of values that fit at least one of the types; `None` when there are no types. The
    /// same as `or` from the first to the last, in one walk.
    #[must_use]
    pub fn union(types: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut types = types.into_iter();
        let mut members = Members::default();
        members.add(types.next()?);
        types.for_each(|ty| members.add(ty));
        Some(members.into_type())
    }

    /// The type without the texts that its strings can be.
    fn without_literals(&self) -> Self {
        match self {
            Self::Str(_) => Self::STR,
            Self::List(element) => Self::list(element.without_literals()),
            Self::Object(object) => {
                let fields = object.fields.iter().map(|(name, field)| {
                    let ty = field.ty.without_literals();
                    (name.clone(), FieldType { ty, ..*field })
                });
                let rest = object.rest.as_ref().map(Self::without_literals);
                Self::object(fields.collect(), rest)
            }
            Self::Union(members) => {
                let members = members.iter().map(Self::without_literals);
                Self::union(members).unwrap_or(Self::Any)
            }
            Self::Any | Self::Null | Self::Bool | Self::Int | Self::Float | Self::Error => {
                self.clone()
            }
        }
    }
}

/// The alternatives seen so far.
#[derive(Default)]
struct Members {
    /// The different ones, in order. All strings are one, and so are all lists: each stands at the
    /// place of the first, and `texts` and `elements` say what it is in the end.
    different: IndexSet<Type>,
    /// The texts of the strings; the outer `None` when there is no string yet.
    texts: Option<Literals>,
    /// The elements of the lists.
    elements: Vec<Arc<Type>>,
    /// `any` or poison, which is then the whole answer.
    loose: Option<Type>,
}

impl Members {
    fn add(&mut self, ty: Type) {
        match ty {
            Type::Error => self.loose = Some(Type::Error),
            Type::Any => {
                self.loose.get_or_insert(Type::Any);
            }
            Type::Str(texts) => {
                self.different.insert(Type::STR);
                self.texts = Some(match self.texts.take() {
                    Some(before) => join_literals(before, texts),
                    None => texts,
                });
            }
            Type::List(element) => {
                self.different.insert(Type::list(Type::Any));
                self.elements.push(element);
            }
            Type::Union(members) => members.iter().for_each(|ty| self.add(ty.clone())),
            Type::Null | Type::Bool | Type::Int | Type::Float | Type::Object(_) => {
                self.different.insert(ty);
            }
        }
    }

    fn into_type(self) -> Type {
        if let Some(loose) = self.loose {
            return loose;
        }
        let text = Type::Str(self.texts.flatten());
        let list = list_of_any(self.elements);
        let whole = |ty: Type| match ty {
            Type::Str(_) => text.clone(),
            Type::List(_) => list.clone(),
            Type::Any
            | Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Object(_)
            | Type::Union(_)
            | Type::Error => ty,
        };
        let members = self.different.into_iter().map(whole);
        let members: Vec<Type> = members.collect();
        if members.len() <= MAX_MEMBERS {
            return of_different(members);
        }
        if Size::around(members.iter().map(Type::size)).nodes > MOST.nodes {
            return Type::Any;
        }
        let mut wider: IndexSet<Type> = members.iter().map(Type::without_literals).collect();
        if wider.len() > MAX_MEMBERS {
            let is_object = |ty: &Type| matches!(ty, Type::Object(_));
            let widest = wider.into_iter().map(|ty| match is_object(&ty) {
                true => Type::open(),
                false => ty,
            });
            wider = widest.collect();
        }
        of_different(wider.into_iter().collect())
    }
}

/// The list whose elements have any of these types. Equal ones stay as they are, and are shared.
fn list_of_any(mut elements: Vec<Arc<Type>>) -> Type {
    elements.dedup();
    match <[Arc<Type>; 1]>::try_from(elements) {
        Ok([only]) => Type::List(only),
        Err(elements) => {
            let elements = elements.into_iter().map(Arc::unwrap_or_clone);
            Type::list(Type::union(elements).unwrap_or(Type::Any))
        }
    }
}

/// The type with these alternatives, which all differ.
fn of_different(members: Vec<Type>) -> Type {
    match members.as_slice() {
        [only] => only.clone(),
        _ => Type::Union(members.into()).within(MOST.nodes),
    }
}

fn join_literals(a: Literals, b: Literals) -> Literals {
    let (a, b) = (a?, b?);
    if b.iter().all(|text| a.binary_search(text).is_ok()) {
        return Some(a);
    }
    let mut joined: Vec<String> = a.iter().chain(b.iter()).cloned().collect();
    joined.sort_unstable();
    joined.dedup();
    (joined.len() <= MAX_LITERALS).then(|| joined.into())
}

impl PartialEq for ObjectType {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for ObjectType {}

impl std::hash::Hash for ObjectType {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

#[cfg(test)]
mod tests;
