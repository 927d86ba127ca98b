//! The type lattice (language reference, section 5).
//!
//! Enters: literals, schemas, the catalogue's outputs. Leaves: types that joins and member
//! reads keep small. `Any` never causes an error; `Error` is poison.

use std::{collections::BTreeSet, fmt, sync::Arc};

use fmc_expr::{Value, builtins::Kinds};

use indexmap::IndexMap;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Anything; nothing is checked.
    Any,
    /// `null`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `float`
    Float,
    /// `string`, with its literal set where known.
    Str(Option<Arc<BTreeSet<String>>>),
    /// `list<T>`
    List(Arc<Type>),
    /// `object{…}`
    Object(Arc<ObjectType>),
    /// One of several; flat, without `Any`, at least two.
    Union(Arc<[Type]>),
    /// Poison: reported once, silent after.
    Error,
}

/// An object's fields.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectType {
    /// Known fields, in order.
    pub fields: IndexMap<String, FieldType>,
    /// What other fields there may be: none (closed), or of what type.
    pub rest: Option<Type>,
}

/// A field of an object type.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldType {
    /// Its type.
    pub ty: Type,
    /// May be absent, which reads as null.
    pub optional: bool,
}

impl Type {
    /// Any string.
    pub const STR: Self = Self::Str(None);

    /// A string of exactly this text.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::Str(Some(Arc::new(BTreeSet::from([text.to_owned()]))))
    }

    /// A list of elements of one type.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
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
        Self::Object(Arc::new(ObjectType {
            fields: fields.collect(),
            rest: None,
        }))
    }

    /// An object of any keys.
    #[must_use]
    pub fn open() -> Self {
        Self::Object(Arc::new(ObjectType {
            fields: IndexMap::new(),
            rest: Some(Self::Any),
        }))
    }

    /// The type of values like this one: literals are not kept, and keys it lacks read as null.
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
                Self::list(elements.reduce(Self::or).unwrap_or(Self::Any))
            }
            Value::Object(entries) => {
                let fields = entries.iter().map(|(name, value)| {
                    let (ty, optional) = (Self::like(value), false);
                    (name.to_string(), FieldType { ty, optional })
                });
                Self::Object(Arc::new(ObjectType {
                    fields: fields.collect(),
                    rest: Some(Self::Null),
                }))
            }
        }
    }

    /// Whether nothing is checked about it.
    #[must_use]
    pub fn is_loose(&self) -> bool {
        matches!(self, Self::Any | Self::Error)
    }

    /// The alternatives: a union's members, or the type itself.
    #[must_use]
    pub fn alternatives(&self) -> &[Self] {
        match self {
            Self::Union(members) => members,
            other => std::slice::from_ref(other),
        }
    }

    /// The kinds of value it may have.
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

    /// The loosest type of some kinds.
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
        members
            .map(|(_, ty)| ty)
            .reduce(Self::or)
            .unwrap_or(Self::Any)
    }

    /// Either type.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Error, _) | (_, Self::Error) => Self::Error,
            (Self::Any, _) | (_, Self::Any) => Self::Any,
            (Self::Str(a), Self::Str(b)) => Self::Str(join_literals(a, b)),
            (Self::List(a), Self::List(b)) => Self::list(a.as_ref().clone().or(b.as_ref().clone())),
            (a, b) if a == b => a,
            (a, b) => {
                let mut members: Vec<Self> = Vec::new();
                for member in a.alternatives().iter().chain(b.alternatives()) {
                    add(&mut members, member.clone());
                }
                match members.as_slice() {
                    [only] => only.clone(),
                    _ => Self::Union(members.into()),
                }
            }
        }
    }

    /// Without null: what a guard leaves.
    #[must_use]
    pub fn without_null(&self) -> Self {
        let rest = self
            .alternatives()
            .iter()
            .filter(|member| **member != Self::Null)
            .cloned();
        rest.reduce(Self::or).unwrap_or(Self::Null)
    }

    /// What a value of this type is when it is true; the type itself where that cannot be said.
    #[must_use]
    pub fn when_true(&self) -> Self {
        self.without_null()
    }

    /// The type of an element that `for` binds.
    #[must_use]
    pub fn element(&self) -> Self {
        let each = |ty: &Self| match ty {
            Self::List(element) => Some(element.as_ref().clone()),
            Self::Str(_) | Self::Object(_) => Some(Self::STR),
            Self::Error => Some(Self::Error),
            Self::Any => Some(Self::Any),
            _ => None,
        };
        self.alternatives()
            .iter()
            .filter_map(each)
            .reduce(Self::or)
            .unwrap_or(Self::Any)
    }

    /// The type of a field; null where some alternative may lack it. None: no alternative has it.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Self> {
        let mut lacking = false;
        let mut found: Option<Self> = None;
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
                // Reading a field of these fails.
                _ => continue,
            };
            found = Some(match found {
                Some(found) => found.or(member),
                None => member,
            });
        }
        match found {
            Some(found) if lacking => Some(found.or(Self::Null)),
            // Of null alone every field is null.
            None if *self == Self::Null => Some(Self::Null),
            found => found,
        }
    }

    /// The names of known fields, in order.
    #[must_use]
    pub fn field_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for member in self.alternatives() {
            if let Self::Object(object) = member {
                names.extend(object.fields.keys().cloned());
            }
        }
        names
    }
}

fn add(members: &mut Vec<Type>, new: Type) {
    for member in members.iter_mut() {
        let merges = matches!(
            (&*member, &new),
            (Type::Str(_), Type::Str(_)) | (Type::List(_), Type::List(_))
        );
        if merges || *member == new {
            *member = member.clone().or(new);
            return;
        }
    }
    members.push(new);
}

type Literals = Option<Arc<BTreeSet<String>>>;

/// More than this many literals are any string.
const MAX_LITERALS: usize = 32;

fn join_literals(a: Literals, b: Literals) -> Literals {
    let joined: BTreeSet<String> = a?.union(b?.as_ref()).cloned().collect();
    (joined.len() <= MAX_LITERALS).then(|| Arc::new(joined))
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Str(Some(literals)) if literals.len() <= 4 => {
                let shown: Vec<_> = literals.iter().map(|text| format!("\"{text}\"")).collect();
                write!(f, "string ({})", shown.join(", "))
            }
            Self::Str(_) => f.write_str("string"),
            Self::List(element) => write!(f, "list<{element}>"),
            Self::Object(object) => object.fmt(f),
            Self::Union(members) => {
                let shown: Vec<_> = members.iter().map(ToString::to_string).collect();
                f.write_str(&shown.join(" | "))
            }
            Self::Error => f.write_str("unknown"),
        }
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self
            .fields
            .iter()
            .map(|(name, field)| {
                format!(
                    "{name}{}: {}",
                    if field.optional { "?" } else { "" },
                    field.ty
                )
            })
            .collect();
        match &self.rest {
            Some(Type::Any) => parts.push("…".to_owned()),
            Some(rest) => parts.push(format!("…: {rest}")),
            None => {}
        }
        write!(f, "object{{{}}}", parts.join(", "))
    }
}
