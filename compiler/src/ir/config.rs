//! Configured values: JSON with templates.
//!
//! Enters: what inference made of a setting. Leaves: trees whose expressions are resolved and
//! typed, for analysis, editors and code generation. Must not know what an expression consists of.

use std::sync::Arc;

use super::expr::Expression;
use crate::{source::Span, types::Type};

/// A configured value: JSON with templates.
#[derive(Clone, Debug)]
pub struct ConfigValue {
    /// What it is.
    pub kind: ConfigKind,
    /// Its span.
    pub span: Span,
    /// Its type.
    pub ty: Type,
}

impl ConfigValue {
    /// The text, when this is a string without templates.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let ConfigKind::Text(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// The entries, when this is an object.
    #[must_use]
    pub fn object(&self) -> Option<&[(Key, Self)]> {
        if let ConfigKind::Object(entries) = &self.kind {
            Some(entries)
        } else {
            None
        }
    }

    /// The expression, when the value is exactly one, as in `"{{ input.x }}"`.
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
    /// A string that is exactly one template, or a condition field. The value keeps its type.
    Whole(Arc<Expression>),
    /// A condition field that is exactly one template whose value may be a string at run time. That
    /// string is then evaluated as an expression (language reference, "Dynamic conditions").
    Dynamic(Arc<Expression>),
    /// Text and templates, joined to one text.
    Join(Vec<Segment>),
    /// Text and templates of a URL; inserted values are percent-encoded for their position.
    Url(Vec<Segment>),
    /// An array.
    List(Vec<ConfigValue>),
    /// An object; keys may be templates.
    Object(Vec<(Key, ConfigValue)>),
    /// Poison: the mistake has a finding.
    Poison,
}

/// A key of an object.
#[derive(Clone, Debug)]
pub struct Key {
    /// Text and templates. A key without templates is a single text, or none when it is empty.
    pub segments: Vec<Segment>,
    /// Its span.
    pub span: Span,
}

impl Key {
    /// The text of a key without templates; `None` for the empty key and for a key with templates.
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
