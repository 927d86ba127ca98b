//! Rust expressions.
//!
//! Enters: names, literals, other expressions. Leaves: trees; `Display` writes one on a single
//! line. Must not know how wide a line may be.

use std::fmt::{self, Display, Formatter};

use super::{Literal, Name};

/// A Rust expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) enum RustExpr {
    /// A variable, an item or a unit variant.
    Name(Name),
    /// A literal.
    Literal(Literal),
    /// `function(arguments)`
    Call(Name, Vec<RustExpr>),
    /// `receiver.method(arguments)`. The receiver is a name or a literal.
    Method(Box<RustExpr>, &'static str, Vec<RustExpr>),
    /// `(items)`
    Tuple(Vec<RustExpr>),
    /// `[items]`
    Array(Vec<RustExpr>),
    /// `vec![items]`
    Vector(Vec<RustExpr>),
    /// `Name { field: value, … }`
    Struct(Name, Vec<(&'static str, RustExpr)>),
    /// `Name { field: value, …, ..base }`
    Update(Name, Vec<(&'static str, RustExpr)>, Name),
    /// `&inner`
    Borrow(Box<RustExpr>),
    /// `!inner`
    Not(Box<RustExpr>),
    /// `inner?`
    Try(Box<RustExpr>),
    /// `left && right`
    And(Box<RustExpr>, Box<RustExpr>),
    /// `left || right`
    Or(Box<RustExpr>, Box<RustExpr>),
    /// A short expression that is never broken into lines, like `v0.clone()`.
    Word(Box<RustExpr>),
    /// A constant in which functions that are otherwise equal may differ, like `3` in
    /// `s.upstream(3)`. It is printed as it is, unless such functions become one function that takes
    /// it as a parameter.
    Constant(Varying, Box<RustExpr>),
}

/// The kind of a constant in which functions may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::codegen) enum Varying {
    /// A text.
    Text,
    /// An integer of the expression language.
    Int,
    /// The index of a stage in the table.
    Stage,
    /// A list or object that is a `static` item.
    Built,
}

impl RustExpr {
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

    /// `function(arguments)`, where the function is one of our own.
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

    /// `self.method()`, never broken into lines.
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

    /// This expression, never broken into lines.
    #[must_use]
    pub(in crate::codegen) fn word(self) -> Self {
        Self::Word(Box::new(self))
    }

    /// `!self`; when this is `!x` already, `x`.
    #[must_use]
    pub(in crate::codegen) fn opposite(self) -> Self {
        if let Self::Not(inner) = self {
            return *inner;
        }
        Self::Not(Box::new(self))
    }

    /// Marks this as a constant in which functions that are otherwise equal may differ.
    #[must_use]
    pub(in crate::codegen) fn varying(self, what: Varying) -> Self {
        Self::Constant(what, Box::new(self))
    }

    /// Its length in bytes on one line.
    pub(in crate::codegen) fn width(&self) -> usize {
        self.to_string().len()
    }

    /// Whether it needs parentheses beside an operator.
    fn is_compound(&self) -> bool {
        matches!(self, Self::And(..) | Self::Or(..))
    }
}

impl Display for RustExpr {
    /// Writes it on one line, however long.
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

fn list(f: &mut Formatter<'_>, open: &str, items: &[RustExpr], close: &str) -> fmt::Result {
    f.write_str(open)?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    f.write_str(close)
}

fn fields(f: &mut Formatter<'_>, fields: &[(&str, RustExpr)]) -> fmt::Result {
    for (at, (field, value)) in fields.iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        write!(f, "{comma}{field}: {value}")?;
    }
    Ok(())
}

fn connected(
    f: &mut Formatter<'_>,
    left: &RustExpr,
    operator: &str,
    right: &RustExpr,
) -> fmt::Result {
    operand(f, left)?;
    write!(f, " {operator} ")?;
    operand(f, right)
}

fn operand(f: &mut Formatter<'_>, code: &RustExpr) -> fmt::Result {
    if code.is_compound() {
        write!(f, "({code})")
    } else {
        code.fmt(f)
    }
}
