//! Strings with templates, and condition fields: text, and expressions with their places.
//!
//! Enters: a JSON string of a field that takes templates or a condition (who calls decides
//! which). Leaves: parsed expressions that can turn any of their spans into source, and
//! findings of family 02. Must not know names' meanings or types.

use std::ops::Range;

use fmc_expr::ast::{self, Expr};

use crate::{source::Span, syntax::tree::JsonString};

/// A string with templates.
#[derive(Clone, Debug)]
pub struct Template {
    /// Text and templates in order; empty text is left out.
    pub parts: Vec<Part>,
    /// Place of the string, without quotes.
    pub span: Span,
}

/// A part of a [`Template`].
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text.
    Text {
        /// The decoded text.
        text: String,
        /// Its decoded bytes in the JSON string.
        range: Range<usize>,
    },
    /// `{{ expression }}`.
    Expr(Embedded),
}

/// An expression inside a JSON string.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The expression; `Error` nodes where it could not be read (reported).
    pub expr: Expr,
    /// Its text: what stands between the braces, or the whole condition field.
    pub text: String,
    /// Where [`Embedded::text`] starts, in decoded bytes of the JSON string.
    pub offset: usize,
    /// Its decoded bytes in the JSON string, braces included.
    pub range: Range<usize>,
}

impl Embedded {
    /// The source place of a span of the expression.
    #[must_use]
    pub fn source(&self, string: &JsonString, span: ast::Span) -> Span {
        string.source(
            self.offset + span.start as usize,
            self.offset + span.end as usize,
        )
    }

    /// The source place of the whole expression, braces and blanks around it not included.
    #[must_use]
    pub fn span(&self, string: &JsonString) -> Span {
        let start = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim_end().len().max(start);
        string.source(self.offset + start, self.offset + end)
    }
}

impl Template {
    /// The expression of a string that is exactly one template (blanks around do not count):
    /// its value keeps its type.
    #[must_use]
    pub fn whole(&self) -> Option<&Embedded> {
        let mut found = None;
        for part in &self.parts {
            match part {
                Part::Text { text, .. } if text.trim().is_empty() => {}
                Part::Expr(embedded) if found.is_none() => found = Some(embedded),
                _ => return None,
            }
        }
        found
    }

    /// Whether there is any template in the string.
    #[must_use]
    pub fn has_expressions(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Expr(_)))
    }
}

/// A condition field: one expression, template parts inside it as [`ast::ExprKind::Part`].
#[derive(Clone, Debug)]
pub struct Condition {
    /// The expression. Where the field is one whole template, the expression of that template.
    pub expr: Embedded,
    /// The field is one whole template: a string it yields at run time is itself evaluated
    /// (language reference, "Dynamic conditions").
    pub whole: bool,
}
