//! Expressions.
//!
//! Enters: names, literals, other expressions. Leaves: trees; written on one line they are
//! `Display`. Must not know how wide a line is.

use std::fmt::{self, Display, Formatter};

use super::{Literal, Name};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) enum Code {
    /// A variable, an item, a unit variant.
    Name(Name),
    /// A literal.
    Literal(Literal),
    /// `function(arguments)`
    Call(Name, Vec<Code>),
    /// `receiver.method(arguments)`; the receiver is a name or a literal.
    Method(Box<Code>, &'static str, Vec<Code>),
    /// `(items)`
    Tuple(Vec<Code>),
    /// `[items]`
    Array(Vec<Code>),
    /// `vec![items]`
    Vector(Vec<Code>),
    /// `Name { field: value, … }`
    Struct(Name, Vec<(&'static str, Code)>),
    /// `Name { field: value, …, ..base }`
    Update(Name, Vec<(&'static str, Code)>, Name),
    /// `&inner`
    Borrow(Box<Code>),
    /// `!inner`
    Not(Box<Code>),
    /// `inner?`
    Try(Box<Code>),
    /// `left && right`
    And(Box<Code>, Box<Code>),
    /// `left || right`
    Or(Box<Code>, Box<Code>),
    /// What is short and reads as one word, like `v0.clone()`: it is never broken into lines.
    Word(Box<Code>),
    /// A constant in which functions that are otherwise alike may differ: `3` in
    /// `s.upstream(3)`. It is written as it is, unless they become one function that takes it.
    Constant(Varying, Box<Code>),
}

/// What a constant is, that functions may differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) enum Varying {
    /// A text.
    Text,
    /// An integer of the expression language.
    Int,
    /// The place of a stage in the table.
    Stage,
    /// A list or object that is built once.
    Built,
}

impl Code {
    /// One of our own names.
    pub(in crate::codegen) const fn name(name: &'static str) -> Self {
        Self::Name(Name::new(name))
    }

    /// A string literal.
    pub(in crate::codegen) fn text(text: &str) -> Self {
        Self::Literal(Literal::text(text))
    }

    /// A literal of a count, an index or a time.
    pub(in crate::codegen) fn count(value: impl TryInto<u64>) -> Self {
        Self::Literal(Literal::count(value))
    }

    /// `true` or `false`
    pub(in crate::codegen) fn bool(value: bool) -> Self {
        Self::Literal(Literal::bool(value))
    }

    /// `function(arguments)` of one of our own.
    pub(in crate::codegen) const fn call(function: &'static str, arguments: Vec<Self>) -> Self {
        Self::Call(Name::new(function), arguments)
    }

    /// `&[items]`
    pub(in crate::codegen) fn slice(items: Vec<Self>) -> Self {
        Self::Array(items).borrowed()
    }

    /// `Some(value)` or `None`
    pub(in crate::codegen) fn option(value: Option<Self>) -> Self {
        match value {
            Some(value) => Self::call("Some", vec![value]),
            None => Self::name("None"),
        }
    }

    /// `self.method()`, never broken.
    #[must_use]
    pub(in crate::codegen) fn read(self, method: &'static str) -> Self {
        Self::Method(Box::new(self), method, Vec::new()).word()
    }

    /// `&self`
    #[must_use]
    pub(in crate::codegen) fn borrowed(self) -> Self {
        Self::Borrow(Box::new(self))
    }

    /// `self?`
    #[must_use]
    pub(in crate::codegen) fn tried(self) -> Self {
        Self::Try(Box::new(self))
    }

    /// This, never broken into lines.
    #[must_use]
    pub(in crate::codegen) fn word(self) -> Self {
        Self::Word(Box::new(self))
    }

    /// `!self`, or what `self` is the opposite of.
    #[must_use]
    pub(in crate::codegen) fn opposite(self) -> Self {
        if let Self::Not(inner) = self {
            return *inner;
        }
        Self::Not(Box::new(self))
    }

    /// This, in which functions that are otherwise alike may differ.
    #[must_use]
    pub(in crate::codegen) fn varying(self, what: Varying) -> Self {
        Self::Constant(what, Box::new(self))
    }

    /// How many bytes it has on one line.
    pub(in crate::codegen) fn width(&self) -> usize {
        self.to_string().len()
    }

    /// Whether an operator beside it needs brackets around it.
    fn is_compound(&self) -> bool {
        matches!(self, Self::And(..) | Self::Or(..))
    }
}

impl Display for Code {
    /// On one line, however long.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Literal(literal) => literal.fmt(f),
            Self::Call(function, arguments) => {
                function.fmt(f)?;
                list(f, "(", arguments, ")")
            }
            Self::Method(receiver, method, arguments) => {
                write!(f, "{receiver}.{method}")?;
                list(f, "(", arguments, ")")
            }
            Self::Tuple(items) => list(f, "(", items, ")"),
            Self::Array(items) => list(f, "[", items, "]"),
            Self::Vector(items) => list(f, "vec![", items, "]"),
            Self::Struct(name, fields) => {
                write!(f, "{name} {{ ")?;
                self::fields(f, fields)?;
                f.write_str(" }")
            }
            Self::Update(name, fields, base) => {
                write!(f, "{name} {{ ")?;
                self::fields(f, fields)?;
                write!(f, ", ..{base} }}")
            }
            Self::Borrow(inner) => write!(f, "&{inner}"),
            Self::Not(inner) => {
                f.write_str("!")?;
                operand(f, inner)
            }
            Self::Try(inner) => write!(f, "{inner}?"),
            Self::And(left, right) => connected(f, left, "&&", right),
            Self::Or(left, right) => connected(f, left, "||", right),
            Self::Word(inner) | Self::Constant(_, inner) => inner.fmt(f),
        }
    }
}

fn list(f: &mut Formatter<'_>, open: &str, items: &[Code], close: &str) -> fmt::Result {
    f.write_str(open)?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    f.write_str(close)
}

fn fields(f: &mut Formatter<'_>, fields: &[(&str, Code)]) -> fmt::Result {
    for (at, (field, value)) in fields.iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        write!(f, "{comma}{field}: {value}")?;
    }
    Ok(())
}

fn connected(f: &mut Formatter<'_>, left: &Code, operator: &str, right: &Code) -> fmt::Result {
    operand(f, left)?;
    write!(f, " {operator} ")?;
    operand(f, right)
}

fn operand(f: &mut Formatter<'_>, code: &Code) -> fmt::Result {
    if code.is_compound() {
        write!(f, "({code})")
    } else {
        code.fmt(f)
    }
}
