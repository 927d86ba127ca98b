//! Strings with templates and condition fields: text, and expressions with their spans.
//!
//! Enters: a JSON string. The caller says whether its field takes templates or a condition. Leaves:
//! parsed expressions that can map each of their spans to source, and findings of family 02. Must
//! not know what names mean, or types.

use std::ops::Range;

use fmc_expr::{
    ast::{self, Expr, ExprKind},
    parse::{self, SyntaxError, SyntaxErrorKind},
    template::{self, Mark, Piece},
};

use crate::{
    diagnostics::{Code, Diagnostic, Found},
    source::Span,
    syntax::{self, tree::JsonString},
    trust::Trust,
};

/// A string with templates.
#[derive(Clone, Debug)]
pub struct Template {
    /// Text and templates in order; empty text is left out.
    pub parts: Vec<Part>,
    /// The span of the string, without quotes.
    pub span: Span,
}

/// A part of a [`Template`].
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text.
    Text {
        /// The text, decoded.
        text: String,
        /// Its bytes in the decoded JSON string.
        range: Range<usize>,
    },
    /// `{{ expression }}`.
    Expr(Embedded),
}

/// An expression inside a JSON string.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The expression. Where it could not be read, which has a finding, it has `Error` nodes.
    pub expr: Expr,
    /// The text between the braces, or the whole text of a condition field.
    pub text: String,
    /// Where [`Embedded::text`] starts, in bytes of the decoded JSON string.
    pub offset: usize,
    /// Its bytes in the decoded JSON string, including the braces.
    pub range: Range<usize>,
    /// Whether the expression was read exactly as written. If not, which has a finding, the names
    /// and types in it may be wrong, so nothing is reported about them.
    pub trust: Trust,
}

impl Embedded {
    /// The source span for a span of the expression.
    #[must_use]
    pub fn source(&self, string: &JsonString, span: ast::Span) -> Span {
        string.source(
            self.offset + span.start as usize,
            self.offset + span.end as usize,
        )
    }

    /// The source span of the whole expression, without braces and the whitespace next to them.
    #[must_use]
    pub fn span(&self, string: &JsonString) -> Span {
        let start = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim_end().len().max(start);
        string.source(self.offset + start, self.offset + end)
    }
}

impl Template {
    /// The expression of a string that is exactly one template, perhaps with whitespace around it.
    /// The value of such a string keeps its type: `"{{ 1 }}"` is the number 1.
    #[must_use]
    pub fn whole(&self) -> Option<&Embedded> {
        let mut found = None;
        for part in &self.parts {
            match part {
                Part::Text { text, .. } if text.trim().is_empty() => {}
                Part::Expr(embedded) if found.is_none() => found = Some(embedded),
                Part::Text { .. } | Part::Expr(_) => return None,
            }
        }
        found
    }

    /// Whether the string has at least one template.
    #[must_use]
    pub fn has_expressions(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Expr(_)))
    }
}

/// A condition field: one expression. Templates inside it are [`ast::ExprKind::Part`].
#[derive(Clone, Debug)]
pub struct Condition {
    /// The expression. When the field is exactly one template, the expression of that template.
    pub expr: Embedded,
    /// Whether the field is exactly one template, like `"{{ input.rule }}"`. If its value is a
    /// string at run time, that string is evaluated as an expression (language reference, "Dynamic
    /// conditions").
    pub whole: bool,
}

/// Parses a string with templates. What cannot be read becomes an `Error` expression and a finding.
#[must_use]
pub fn parse_template(string: &JsonString) -> (Template, Found) {
    let mut findings = Found::default();
    let text = &*string.text;
    let parts = template::split(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(range) => Part::Text {
                text: text.get(range.clone()).unwrap_or_default().to_owned(),
                range,
            },
            Piece::Expr { outer, inner, mark } => {
                Part::Expr(part(string, outer, inner, mark, &mut findings))
            }
        })
        .collect();
    let span = string.inner();
    (Template { parts, span }, findings)
}

/// Parses a condition field.
#[must_use]
pub fn parse_condition(string: &JsonString) -> (Condition, Found) {
    let (template, mut findings) = parse_template(string);
    if let Some(whole) = template.whole() {
        let expr = whole.clone();
        return (Condition { expr, whole: true }, findings);
    }
    // Findings about braces are kept from here; the text between them is parsed again below.
    findings.retain(|code, _| BRACES.contains(&code));
    let text = &*string.text;
    let parsed = parse::parse_condition(text);
    let mut expr = Embedded {
        expr: parsed.expr,
        text: text.to_owned(),
        offset: 0,
        range: 0..text.len(),
        trust: Trust::Sound,
    };
    // Broken braces explain what is wrong with the text between them.
    if findings.is_empty() {
        findings = report(string, &expr, &parsed.errors);
    }
    expr.trust = Trust::lost_if(!findings.is_empty(), string.inner());
    (Condition { expr, whole: false }, findings)
}

/// The codes about the braces of a template, not about the expression between them.
const BRACES: &[Code] = &[
    Code::UnclosedTemplate,
    Code::EmptyTemplate,
    Code::Handlebars,
];

fn part(
    string: &JsonString,
    outer: Range<usize>,
    inner: Range<usize>,
    mark: Mark,
    findings: &mut Found,
) -> Embedded {
    let text = string.text.get(inner.clone()).unwrap_or_default();
    let mut embedded = Embedded {
        expr: Expr {
            kind: ExprKind::Error(Vec::new()),
            span: ast::Span::default(),
        },
        text: text.to_owned(),
        offset: inner.start,
        range: outer.clone(),
        trust: Trust::Sound,
    };
    let place = string.source(outer.start, outer.end);
    let lost = |lost: bool| Trust::lost_if(lost, place);
    embedded.trust = lost(mark != Mark::None);
    match mark {
        Mark::None => {
            let parsed = parse::parse(text);
            embedded.expr = parsed.expr;
            embedded.trust = lost(!parsed.errors.is_empty());
            findings.append(&mut report(string, &embedded, &parsed.errors));
            if has_more_braces(&embedded) {
                embedded.trust = lost(true);
                findings.push(more_braces(&embedded, place));
            }
        }
        Mark::Unclosed => findings.push(unclosed(string, outer.start)),
        Mark::Empty => findings.push(
            Diagnostic::new(
                Code::EmptyTemplate,
                place,
                "expected an expression between `{{` and `}}`, found nothing",
            )
            .help("a literal `{{` is written `{{ '{{' }}`"),
        ),
        Mark::Handlebars => {
            // `{{/if}}` belongs to the `{{#if}}` that was reported, so it has no finding of its
            // own.
            let again = findings.iter().any(|found| found.code == Code::Handlebars);
            if !again {
                findings.push(
                    Diagnostic::new(
                        Code::Handlebars,
                        place,
                        "template blocks do not exist here, only expressions",
                    )
                    .help("write a choice as `{{ a if c else b }}`")
                    .help("write a loop as `{{ [x.name for x in xs] | join(', ') }}`"),
                );
            }
        }
    }
    embedded
}

/// Whether a template has too many braces: `{{{ x }}}` or `{{ {{ x }} }}`, as other template
/// languages write it. The expression language would read a set with one element.
fn has_more_braces(embedded: &Embedded) -> bool {
    let triple = embedded.text.starts_with('{') && embedded.text.ends_with('}');
    only_element(&embedded.expr).is_some_and(|inner| triple || only_element(inner).is_some())
}

/// Whether an expression is inside the braces of a template.
#[must_use]
pub fn is_in_braces(expr: &Expr) -> bool {
    only_element(expr).and_then(only_element).is_some()
}

/// The element of a set that has only one.
fn only_element(expr: &Expr) -> Option<&Expr> {
    let ExprKind::List {
        items,
        display: ast::Display::Set,
    } = &expr.kind
    else {
        return None;
    };
    match items.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn more_braces(embedded: &Embedded, place: Span) -> Diagnostic {
    let inside = embedded
        .text
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}'));
    let title = format!("write `{{{{ {inside} }}}}`");
    Diagnostic::new(
        Code::Handlebars,
        place,
        "a template has two braces on each side, found more",
    )
    .help("values are never HTML-escaped, so a third brace is not needed")
    .fix(title, false, place, in_json(&format!("{{{{ {inside} }}}}")))
}

fn unclosed(string: &JsonString, at: usize) -> Diagnostic {
    let end = string.source(string.text.len(), string.text.len());
    Diagnostic::new(
        Code::UnclosedTemplate,
        string.source(at, at + 2),
        "`{{` is never closed by `}}`",
    )
    .help("a literal `{{` is written `{{ '{{' }}`")
    .fix("insert `}}`", false, end, "}}")
}

/// Turns syntax errors into findings, at the source spans that the decode map gives.
pub(crate) fn report(string: &JsonString, embedded: &Embedded, errors: &[SyntaxError]) -> Found {
    // Typographic quotes do not quote: the text between them is read as code, and each word of it
    // would be an error. The first finding is enough.
    let misquoted = errors.iter().position(is_typographic);
    let said = misquoted.map_or(errors.len(), |at| at + 1);
    errors
        .iter()
        .take(said)
        .map(|error| {
            let place = embedded.source(string, error.span);
            if error.kind == SyntaxErrorKind::UnclosedPart {
                return unclosed(string, embedded.offset + error.span.start as usize);
            }
            let found = Diagnostic::new(code(&error.kind), place, error.to_string());
            let found = match error.help() {
                Some(help) => found.help(help),
                None if is_typographic(error) => found.help("use straight quotes: `'text'`"),
                None => found,
            };
            match replacement(embedded, error) {
                Some((title, safe, text)) => found.fix(title, safe, place, in_json(&text)),
                None => found,
            }
        })
        .collect()
}

/// Whether the error is a typographic quote.
fn is_typographic(error: &SyntaxError) -> bool {
    matches!(&error.kind, SyntaxErrorKind::Unexpected { found, .. }
        if found.starts_with(['“', '”', '„', '‘', '’']))
}

fn code(kind: &SyntaxErrorKind) -> Code {
    match kind {
        SyntaxErrorKind::Empty => Code::EmptyTemplate,
        SyntaxErrorKind::Unexpected { .. } => Code::UnexpectedToken,
        SyntaxErrorKind::UnknownEscape(_) => Code::UnknownEscape,
        SyntaxErrorKind::UnterminatedString => Code::UnterminatedLiteral,
        SyntaxErrorKind::BadNumber(_) => Code::BadLiteralNumber,
        SyntaxErrorKind::Unsupported { .. } => Code::UnsupportedSyntax,
        SyntaxErrorKind::Assignment => Code::Assignment,
        SyntaxErrorKind::ForeignOperator { .. } => Code::ForeignOperator,
        SyntaxErrorKind::UnclosedPart => Code::UnclosedTemplate,
        SyntaxErrorKind::TooDeep => Code::ExpressionTooDeep,
    }
}

/// What to write in place of the error: the title of the fix, whether the meaning is certain, the
/// text.
fn replacement(embedded: &Embedded, error: &SyntaxError) -> Option<(String, bool, String)> {
    match &error.kind {
        SyntaxErrorKind::Assignment => Some(("write `==`".to_owned(), true, "==".to_owned())),
        SyntaxErrorKind::UnknownEscape(escape) => Some((
            "double the backslash".to_owned(),
            false,
            format!("\\{escape}"),
        )),
        SyntaxErrorKind::ForeignOperator { found, python } if !python.contains([' ', '`']) => {
            let (start, end) = (error.span.start as usize, error.span.end as usize);
            let before = embedded.text.get(..start).unwrap_or_default();
            let behind = embedded.text.get(end..).unwrap_or_default();
            // Add spaces so that the word does not merge with its neighbours: `a&&b` becomes `a and
            // b`.
            let word = python.starts_with(|c: char| c.is_ascii_alphabetic());
            let touches = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let left = word && touches(before.chars().next_back());
            let right = word && touches(behind.chars().next());
            let blank = |needed| if needed { " " } else { "" };
            let text = format!("{}{python}{}", blank(left), blank(right));
            // `??` has no exact equivalent: `0 ?? 5` is 0, but `0 or 5` is 5.
            let same = *found != "??";
            Some((format!("write `{python}`"), same, text))
        }
        SyntaxErrorKind::Empty
        | SyntaxErrorKind::Unexpected { .. }
        | SyntaxErrorKind::UnterminatedString
        | SyntaxErrorKind::BadNumber(_)
        | SyntaxErrorKind::Unsupported { .. }
        | SyntaxErrorKind::ForeignOperator { .. }
        | SyntaxErrorKind::UnclosedPart
        | SyntaxErrorKind::TooDeep => None,
    }
}

/// A text as it is written inside a JSON string.
fn in_json(text: &str) -> String {
    let quoted = syntax::quoted(text);
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
