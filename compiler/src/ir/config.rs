//! Configured values: JSON with templates.
//!
//! Enters: what inference made of a setting. Leaves: trees whose expressions are resolved and typed,
//! for analysis, editors and code generation. Must not know what an expression is made of.

use std::sync::Arc;

use super::expr::Expression;
use crate::{source::Span, types::Type};

/// A configured value: JSON with templates.
#[derive(Clone, Debug)]
pub struct ConfigValue {
    /// What it is.
    pub kind: ConfigKind,
    /// Its place.
    pub span: Span,
    /// Its type.
    pub ty: Type,
}

impl ConfigValue {
    /// The text of a string without templates; none for any other value.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let ConfigKind::Text(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// The entries of an object; none for any other value.
    #[must_use]
    pub fn object(&self) -> Option<&[(Key, Self)]> {
        if let ConfigKind::Object(entries) = &self.kind {
            Some(entries)
        } else {
            None
        }
    }

    /// The expression that alone gives the value, as in `"{{ input.x }}"`; none for any other value.
    #[must_use]
    pub fn expression(&self) -> Option<&Arc<Expression>> {
        if let ConfigKind::Whole(whole) | ConfigKind::Dynamic(whole) = &self.kind {
            Some(whole)
        } else {
            None
        }
    }
}

/// What a configured value is.
#[derive(Clone, Debug)]
pub enum ConfigKind {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text without templates.
    Text(String),
    /// A string that is exactly one template, or a condition field: keeps the value's type.
    Whole(Arc<Expression>),
    /// A condition field that is one whole template whose value may be a string at run time:
    /// that string is evaluated as an expression (language reference, "Dynamic conditions").
    Dynamic(Arc<Expression>),
    /// Text and templates, joined as text.
    Join(Vec<Segment>),
    /// Text and templates of a URL, escaped for where they stand.
    Url(Vec<Segment>),
    /// An array.
    List(Vec<ConfigValue>),
    /// An object; keys may be templates.
    Object(Vec<(Key, ConfigValue)>),
    /// Reported already.
    Poison,
}

/// An object's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Text and templates; a key without templates is one text part (or none).
    pub segments: Vec<Segment>,
    /// Its place.
    pub span: Span,
}

impl Key {
    /// The text of a key without templates; none for the empty key and for one with templates.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [Segment::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// A part of a joined string.
#[derive(Clone, Debug)]
pub enum Segment {
    /// Literal text.
    Text(String),
    /// A template.
    Expr(Arc<Expression>),
}
