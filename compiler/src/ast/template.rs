//! Strings with templates, and condition fields: text, and expressions with their places.
//!
//! Enters: a JSON string of a field that takes templates or a condition (who calls decides
//! which). Leaves: parsed expressions that can turn any of their spans into source, and
//! findings of family 02. Must not know names' meanings or types.

use std::ops::Range;

use fmc_expr::{
    ast::{self, Expr, ExprKind},
    parse::{self, SyntaxError, SyntaxErrorKind},
    template::{self, Mark, Piece},
};

use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
    syntax::{self, tree::JsonString},
    trust::Trust,
};

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
    /// Whether it could be read as written; where it could not (reported), what names and types it
    /// seems to have may come from that.
    pub trust: Trust,
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
                Part::Text { .. } | Part::Expr(_) => return None,
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

/// Parses a string with templates. What cannot be read is an `Error` expression, reported.
#[must_use]
pub fn parse_template(string: &JsonString) -> (Template, Vec<Diagnostic>) {
    let mut findings = Vec::new();
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
pub fn parse_condition(string: &JsonString) -> (Condition, Vec<Diagnostic>) {
    let (template, findings) = parse_template(string);
    if let Some(whole) = template.whole() {
        let expr = whole.clone();
        return (Condition { expr, whole: true }, findings);
    }
    // Braces are reported as in any template; what stands between them is read again below.
    let mut findings: Vec<_> = findings
        .into_iter()
        .filter(|found| BRACES.contains(&found.code))
        .collect();
    let text = &*string.text;
    let parsed = parse::parse_condition(text);
    let mut expr = Embedded {
        expr: parsed.expr,
        text: text.to_owned(),
        offset: 0,
        range: 0..text.len(),
        trust: Trust::Sound,
    };
    if findings.is_empty() {
        findings = report(string, &expr, &parsed.errors);
    }
    expr.trust = Trust::lost_if(!findings.is_empty(), string.inner());
    (Condition { expr, whole: false }, findings)
}

/// Codes about the braces of a template rather than the expression between them.
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
    findings: &mut Vec<Diagnostic>,
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
            // The end of a block is no mistake of its own.
            let again = findings.iter().any(|found| found.code == Code::Handlebars);
            if !again {
                findings.push(
                    Diagnostic::new(
                        Code::Handlebars,
                        place,
                        "blocks of other template languages mean nothing here",
                    )
                    .help("a choice is written `{{ a if c else b }}`")
                    .help("a repetition is written `{{ [x.name for x in xs] | join(', ') }}`"),
                );
            }
        }
    }
    embedded
}

/// `{{{ x }}}` or `{{ {{ x }} }}`: braces of other template languages, which here would make a
/// list of one.
fn has_more_braces(embedded: &Embedded) -> bool {
    let triple = embedded.text.starts_with('{') && embedded.text.ends_with('}');
    only_element(&embedded.expr).is_some_and(|inner| triple || only_element(inner).is_some())
}

/// Whether an expression stands in the braces of a template.
#[must_use]
pub fn stands_in_braces(expr: &Expr) -> bool {
    only_element(expr).and_then(only_element).is_some()
}

/// The element of a set of one.
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
        "a template stands in two braces, found more",
    )
    .help("values are put in as they are: nothing is escaped that could be left unescaped")
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

/// Syntax errors as findings, at the places the decode map gives.
pub(crate) fn report(
    string: &JsonString,
    embedded: &Embedded,
    errors: &[SyntaxError],
) -> Vec<Diagnostic> {
    // Text in quotes that do not quote is read word for word: the first finding says it all.
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
                None if is_typographic(error) => found.help("text stands in `'`"),
                None => found,
            };
            match replacement(embedded, error) {
                Some((title, safe, text)) => found.fix(title, safe, place, in_json(&text)),
                None => found,
            }
        })
        .collect()
}

/// Whether the error is a quote of word processors.
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

/// What to put in the place of an error: a title, whether the meaning is certain, the text.
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
            // A word must not grow together with its neighbours.
            let word = python.starts_with(|c: char| c.is_ascii_alphabetic());
            let touches = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let left = word && touches(before.chars().next_back());
            let right = word && touches(behind.chars().next());
            let blank = |needed| if needed { " " } else { "" };
            let text = format!("{}{python}{}", blank(left), blank(right));
            // `0 ?? 5` is 0, and `0 or 5` is 5.
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

/// A text as it stands inside a JSON string.
fn in_json(text: &str) -> String {
    let quoted = syntax::quoted(text);
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
