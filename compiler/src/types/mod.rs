//! The type lattice (language reference, section 5).
//!
//! Enters: literals, schemas, the outputs of the catalogue. Leaves: types, kept small by every
//! operation. `Any` never causes a finding; `Error` is poison. No type is larger or higher than
//! [`MOST`]: a larger one becomes `any`, so that every operation on a type is quick. Must not know
//! pipelines.

mod meet;

mod show;

mod union;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use fmc_expr::{Value, builtins::Kinds};

use indexmap::{IndexMap, IndexSet};

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Anything; nothing about it is checked.
    Any,
    /// `null`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `string`. The list holds the texts it can be, when they are known, sorted.
    Str(Option<Arc<[String]>>),
    /// `list<T>`
    List(Arc<Type>),
    /// `object{…}`
    Object(Arc<ObjectType>),
    /// One of several types. Flat, without `Any`, at least two.
    Union(Arc<[Type]>),
    /// Poison: the mistake has a finding, so nothing more is reported about it.
    Error,
}

/// The fields of an object.
#[derive(Clone, Debug)]
pub struct ObjectType {
    /// Two hashes of everything below, whatever the order of the fields. Objects with the same ones
    /// are equal, so that nobody walks through all fields to compare them.
    digest: [u64; 2],
    /// The known fields, in order.
    pub fields: IndexMap<String, FieldType>,
    /// The type of other fields; `None` when there can be no others (the object is closed).
    pub rest: Option<Type>,
    /// How large it is, counting itself and everything below.
    size: Size,
}

/// How large a type is.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// The number of types in it.
    nodes: usize,
    /// How many of them are around each other.
    height: usize,
}

/// The largest size of a type. Types share their parts, but a walk over a type visits every part
/// again, and in a chain of stages whose output holds the previous output twice, the size doubles
/// with each stage. Two types are put together level by level, in which each level takes as long as
/// it is high.
const MOST: Size = Size {
    nodes: 4_000,
    height: 64,
};

/// A field of an object type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldType {
    /// Its type.
    pub ty: Type,
    /// Whether it may be absent, like a property that is not `required`; reading an absent field
    /// gives null. Set from schemas; read when a field is read.
    pub optional: bool,
}

impl Type {
    /// Any string.
    pub const STR: Self = Self::Str(None);

    /// A string that can only be this text.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::Str(Some(Arc::new([text.to_owned()])))
    }

    /// A list whose elements have one type.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element.within(MOST.nodes - 1)))
    }

    /// An object with these fields, whose other fields have the type `rest`.
    #[must_use]
    pub fn object(fields: IndexMap<String, FieldType>, rest: Option<Self>) -> Self {
        let mut object = ObjectType {
            digest: [0; 2],
            fields,
            rest,
            size: Size {
                nodes: 1,
                height: 1,
            },
        };
        for ty in object.types_mut() {
            // A single field that is too large becomes `any`, so that the other fields keep their
            // types.
            *ty = std::mem::replace(ty, Self::Any).within(MOST.nodes / 2);
        }
        object.size = Size::around(object.types_mut().map(|ty| ty.size()));
        if object.size.nodes > MOST.nodes {
            object.types_mut().for_each(|ty| *ty = Self::Any);
            object.size = Size::around(object.types_mut().map(|ty| ty.size()));
        }
        object.digest = object.digest();
        Self::Object(Arc::new(object))
    }

    /// How large it is, counting itself.
    fn size(&self) -> Size {
        match self {
            Self::List(element) => Size::around([element.size()]),
            Self::Object(object) => object.size,
            Self::Union(members) => Size::around(members.iter().map(Self::size)),
            Self::Any
            | Self::Null
            | Self::Bool
            | Self::Int
            | Self::Float
            | Self::Str(_)
            | Self::Error => Size::around([]),
        }
    }

    /// The type itself, or `any` when it has more than `nodes` types or is too high for something
    /// around it.
    fn within(self, nodes: usize) -> Self {
        let size = self.size();
        if size.nodes > nodes || size.height >= MOST.height {
            Self::Any
        } else {
            self
        }
    }

    /// An object with these fields and no others.
    pub fn closed(fields: impl IntoIterator<Item = (String, Self)>) -> Self {
        let fields = fields.into_iter().map(|(name, ty)| {
            (
                name,
                FieldType {
                    ty,
                    optional: false,
                },
            )
        });
        Self::object(fields.collect(), None)
    }

    /// An object that may have any fields.
    #[must_use]
    pub fn open() -> Self {
        Self::object(IndexMap::new(), Some(Self::Any))
    }

    /// The type of values similar to this one: literal texts are not kept, and fields it lacks read
    /// as null. `fmc eval` gives its names such types.
    #[must_use]
    pub fn like(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Int(_) => Self::Int,
            Value::Float(_) => Self::Float,
            Value::Str(_) => Self::STR,
            Value::List(items) => {
                let elements = items.iter().map(Self::like);
                Self::list(Self::union(elements).unwrap_or(Self::Any))
            }
            Value::Object(entries) => {
                let fields = entries.iter().map(|(name, value)| {
                    let (ty, optional) = (Self::like(value), false);
                    (name.to_string(), FieldType { ty, optional })
                });
                // A field that the value lacks reads as null.
                Self::object(fields.collect(), Some(Self::Null))
            }
        }
    }

    /// Whether nothing about it is checked.
    #[must_use]
    pub fn is_loose(&self) -> bool {
        matches!(self, Self::Any | Self::Error)
    }

    /// Its alternatives: the members of a union, or the type itself.
    #[must_use]
    pub fn alternatives(&self) -> &[Self] {
        if let Self::Union(members) = self {
            members
        } else {
            std::slice::from_ref(self)
        }
    }

    /// The kinds of values it allows.
    #[must_use]
    pub fn kinds(&self) -> Kinds {
        match self {
            Self::Any | Self::Error => Kinds::ANY,
            Self::Null => Kinds::NULL,
            Self::Bool => Kinds::BOOL,
            Self::Int => Kinds::INT,
            Self::Float => Kinds::FLOAT,
            Self::Str(_) => Kinds::STR,
            Self::List(_) => Kinds::LIST,
            Self::Object(_) => Kinds::OBJECT,
            Self::Union(members) => members
                .iter()
                .fold(Kinds(0), |kinds, member| kinds.or(member.kinds())),
        }
    }

    /// The most general type of these kinds of values.
    #[must_use]
    pub fn of_kinds(kinds: Kinds) -> Self {
        if kinds == Kinds::ANY {
            return Self::Any;
        }
        let all = [
            (Kinds::NULL, Self::Null),
            (Kinds::BOOL, Self::Bool),
            (Kinds::INT, Self::Int),
            (Kinds::FLOAT, Self::Float),
            (Kinds::STR, Self::STR),
            (Kinds::LIST, Self::list(Self::Any)),
            (Kinds::OBJECT, Self::open()),
        ];
        let members = all.into_iter().filter(|(kind, _)| kinds.overlaps(*kind));
        Self::union(members.map(|(_, ty)| ty)).unwrap_or(Self::Any)
    }

    /// The type without null, as it is after a guard such as `x is not none`.
    #[must_use]
    pub fn without_null(&self) -> Self {
        let rest = self
            .alternatives()
            .iter()
            .filter(|member| **member != Self::Null)
            .cloned();
        Self::union(rest).unwrap_or(Self::Null)
    }

    /// The type of a value that is known to be truthy; the type itself when nothing more can be
    /// said.
    #[must_use]
    pub fn when_true(&self) -> Self {
        self.without_null()
    }

    /// The type of the elements that `for` gives one by one.
    #[must_use]
    pub fn element(&self) -> Self {
        let each = |ty: &Self| match ty {
            Self::List(element) => Some(element.as_ref().clone()),
            Self::Str(_) | Self::Object(_) => Some(Self::STR),
            Self::Error => Some(Self::Error),
            Self::Any => Some(Self::Any),
            Self::Null | Self::Bool | Self::Int | Self::Float | Self::Union(_) => None,
        };
        let each = self.alternatives().iter().filter_map(each);
        Self::union(each).unwrap_or(Self::Any)
    }

    /// The type of a field. Null is among its alternatives when the object may lack the field.
    /// `None` when no alternative has the field.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Self> {
        let mut lacking = false;
        let mut found: Vec<Self> = Vec::new();
        for ty in self.alternatives() {
            let member = match ty {
                Self::Any => Self::Any,
                Self::Error => Self::Error,
                Self::Object(object) => match (object.fields.get(name), &object.rest) {
                    (Some(field), _) => {
                        lacking |= field.optional;
                        field.ty.clone()
                    }
                    (None, Some(rest)) => {
                        lacking = true;
                        rest.clone()
                    }
                    (None, None) => {
                        lacking = true;
                        continue;
                    }
                },
                Self::Null => {
                    lacking = true;
                    continue;
                }
                // Reading a field of a value of these types fails.
                Self::Bool
                | Self::Int
                | Self::Float
                | Self::Str(_)
                | Self::List(_)
                | Self::Union(_) => continue,
            };
            found.push(member);
        }
        // Every field of null is null.
        if lacking && (!found.is_empty() || *self == Self::Null) {
            found.push(Self::Null);
        }
        Self::union(found)
    }

    /// The names of the known fields, in order.
    #[must_use]
    pub fn field_names(&self) -> Box<dyn ExactSizeIterator<Item = &str> + '_> {
        // The usual type is one object. Its fields are not copied: each read of a field that it
        // lacks lists them.
        if let Self::Object(object) = self {
            return Box::new(object.fields.keys().map(String::as_str));
        }
        let mut names: IndexSet<&str> = IndexSet::new();
        for member in self.alternatives() {
            if let Self::Object(object) = member {
                names.extend(object.fields.keys().map(String::as_str));
            }
        }
        Box::new(names.into_iter())
    }
}

impl Size {
    /// The size of what has parts of these sizes.
    fn around(parts: impl IntoIterator<Item = Self>) -> Self {
        let one = Self {
            nodes: 1,
            height: 1,
        };
        parts.into_iter().fold(one, |sum, part| Self {
            nodes: sum.nodes + part.nodes,
            height: sum.height.max(part.height + 1),
        })
    }
}

/// Two hashes of a value, the same in every run.
fn hash(value: impl Hash) -> [u64; 2] {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    let first = hasher.finish();
    hasher.write_u8(1);
    [first, hasher.finish()]
}

impl ObjectType {
    /// The hash of its fields. They are added up, because objects with the same fields in another
    /// order are equal.
    fn digest(&self) -> [u64; 2] {
        let fields = self.fields.iter().map(hash);
        fields.fold(hash(&self.rest), |[a, b], [c, d]| {
            [a.wrapping_add(c), b.wrapping_add(d)]
        })
    }

    /// The types of its fields and of its other fields.
    fn types_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        let fields = self.fields.values_mut().map(|field| &mut field.ty);
        fields.chain(self.rest.as_mut())
    }
}
