//! Nested calls and tables, laid out the way rustfmt does it.
//!
//! Enters: expressions. Leaves: text that `rustfmt --check` accepts (except for literals that are
//! longer than any line). Its first line is not indented; the other lines are indented relative to
//! the first. Must not know what the expressions mean.

use crate::codegen::rust::RustExpr;

/// The maximum width of a line.
const LINE: usize = 100;
/// The maximum width of the arguments of a call, or the elements of an array, on one line.
const LIST: usize = 60;
/// The maximum width of the fields of a struct literal on one line.
const STRUCT: usize = 18;
/// Elements up to this width are packed, several to a line.
const SHORT: usize = 10;

/// The indentation of a line. One part comes from what is around the text and is added by the code
/// that places the text; the other part is written by the text itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indent {
    outer: usize,
    own: usize,
}

impl Indent {
    /// The indentation of text that will be placed `depth` levels deep.
    pub(super) fn level(depth: usize) -> Self {
        Self {
            outer: depth * 4,
            own: 0,
        }
    }

    fn deeper(self) -> Self {
        Self {
            own: self.own + 4,
            ..self
        }
    }

    /// The number of columns before the line's text.
    fn columns(self) -> usize {
        self.outer + self.own
    }

    /// The spaces that the text itself must write before the line.
    fn blanks(self) -> String {
        " ".repeat(self.own)
    }
}

/// Whether an expression has no line break when the line is long enough.
pub(in crate::codegen) fn fits_one_line(code: &RustExpr) -> bool {
    Doc::of(code).one_line().is_some()
}

/// Whether a line that is not indented is short enough.
pub(super) fn fits(line: &str) -> bool {
    width(line) <= LINE
}

/// `head` followed by an expression: on the same line or, if it only fits there, indented on the
/// next line. `after` is the number of characters that will follow on the last line.
pub(super) fn assigned(head: &str, code: &RustExpr, indent: Indent, after: usize) -> String {
    let doc = Doc::of(code);
    let text = doc.lay_out(indent, width(head) + 1, after);
    if text.contains('\n')
        && let Some(line) = doc.one_line()
        && indent.deeper().columns() + width(&line) + after <= LINE
    {
        return format!("{head}\n{}{line}", indent.deeper().blanks());
    }
    format!("{head} {text}")
}

/// An expression whose first line already holds `before` characters after the indentation, and
/// whose last line will get `after` more.
pub(super) fn placed(code: &RustExpr, indent: Indent, before: usize, after: usize) -> String {
    Doc::of(code).lay_out(indent, before, after)
}

/// An expression, reduced to what matters for its layout.
#[derive(Clone, Debug)]
enum Doc {
    /// Never broken.
    Atom(String),
    /// `head(args)tail`; a tuple has no head.
    Call(String, Vec<Doc>, &'static str),
    /// `head[items]`, where head is `&`, `vec!` or nothing.
    Array(&'static str, Vec<Doc>),
    /// `name { fields }`
    Struct(String, Vec<(&'static str, Doc)>),
    /// `name { fields, ..base }`
    Update(String, Vec<(&'static str, Doc)>, String),
}

impl Doc {
    fn of(code: &RustExpr) -> Self {
        let each = |fields: &[(&'static str, RustExpr)]| {
            let fields = fields.iter();
            let fields = fields.map(|(field, value)| (*field, Self::of(value)));
            fields.collect()
        };
        let all = |codes: &[RustExpr]| codes.iter().map(Self::of).collect();
        match code {
            RustExpr::Call(function, arguments) => {
                Self::Call(function.to_string(), all(arguments), "")
            }
            RustExpr::Method(receiver, method, arguments) => {
                Self::Call(format!("{receiver}.{method}"), all(arguments), "")
            }
            RustExpr::Tuple(items) => Self::Call(String::new(), all(items), ""),
            RustExpr::Array(items) => Self::Array("", all(items)),
            RustExpr::Vector(items) => Self::Array("vec!", all(items)),
            RustExpr::Struct(name, fields) => Self::Struct(name.to_string(), each(fields)),
            RustExpr::Update(name, fields, base) => {
                Self::Update(name.to_string(), each(fields), format!("..{base}"))
            }
            RustExpr::Borrow(inner) => Self::of(inner).behind("&"),
            RustExpr::Not(inner) => {
                let inner = Self::of(inner);
                if matches!(inner, Self::Atom(_)) {
                    return Self::Atom(code.to_string());
                }
                inner.behind("!")
            }
            RustExpr::Try(inner) => {
                let Self::Call(head, args, _) = Self::of(inner) else {
                    return Self::Atom(code.to_string());
                };
                Self::Call(head, args, "?")
            }
            RustExpr::Constant(_, inner) => Self::of(inner),
            RustExpr::Name(_)
            | RustExpr::Literal(_)
            | RustExpr::And(..)
            | RustExpr::Or(..)
            | RustExpr::Word(_) => Self::Atom(code.to_string()),
        }
    }

    /// The expression with an operator before it.
    fn behind(self, operator: &'static str) -> Self {
        match self {
            Self::Atom(text) => Self::Atom(format!("{operator}{text}")),
            Self::Call(head, args, tail) => Self::Call(format!("{operator}{head}"), args, tail),
            Self::Array(_, items) => Self::Array(operator, items),
            Self::Struct(name, fields) => Self::Struct(format!("{operator}{name}"), fields),
            Self::Update(name, fields, base) => {
                Self::Update(format!("{operator}{name}"), fields, base)
            }
        }
    }

    fn lay_out(&self, indent: Indent, before: usize, after: usize) -> String {
        self.within(indent, before, after, LINE)
    }

    /// As [`Doc::lay_out`], but on one line only up to the width `budget`. rustfmt gives a call
    /// that is the only argument of another call no more width than a list of arguments.
    fn within(&self, indent: Indent, before: usize, after: usize, budget: usize) -> String {
        if let Some(line) = self.one_line()
            && indent.columns() + before + width(&line) + after <= LINE
            && width(&line) <= budget
        {
            return line;
        }
        match self {
            Self::Atom(text) => text.clone(),
            Self::Call(head, args, tail) if args.len() > 1 && args.iter().all(Self::is_simple) => {
                packed(&format!("{head}("), args, &format!("){tail}"), indent)
            }
            Self::Call(head, args, tail) => {
                let open = format!("{head}(");
                bracketed(
                    &open,
                    args,
                    &format!("){tail}"),
                    indent,
                    before,
                    after,
                    budget,
                )
            }
            Self::Array(head, items) if items.len() > 1 && items.iter().all(Self::is_short) => {
                packed(&format!("{head}["), items, "]", indent)
            }
            Self::Array(head, items) => bracketed(
                &format!("{head}["),
                items,
                "]",
                indent,
                before,
                after,
                budget,
            ),
            Self::Struct(name, fields) => braced(name, fields, "", indent),
            Self::Update(name, fields, base) => braced(name, fields, base, indent),
        }
    }

    /// The text on one line, when rustfmt would keep it on one line.
    pub(super) fn one_line(&self) -> Option<String> {
        match self {
            Self::Atom(text) => Some(text.clone()),
            Self::Call(head, args, tail) => {
                let args = joined(args, LIST)?;
                Some(format!("{head}({args}){tail}"))
            }
            Self::Array(head, items) => {
                let items = joined(items, LIST)?;
                Some(format!("{head}[{items}]"))
            }
            Self::Struct(name, fields) => {
                let fields: Option<Vec<_>> = fields
                    .iter()
                    .map(|(field, value)| Some(format!("{field}: {}", value.one_line()?)))
                    .collect();
                let fields = fields?.join(", ");
                (width(&fields) <= STRUCT).then(|| format!("{name} {{ {fields} }}"))
            }
            // It has at least three fields and is always wider than that.
            Self::Update(..) => None,
        }
    }

    /// Whether it may start on the line of its parent's bracket when it is the only argument.
    fn overflows(&self) -> bool {
        !matches!(self, Self::Atom(_))
    }

    fn is_call(&self) -> bool {
        match self {
            Self::Call(head, ..) => !head.is_empty(),
            Self::Array(head, _) => *head == "vec!",
            Self::Atom(_) | Self::Struct(..) | Self::Update(..) => false,
        }
    }

    fn is_short(&self) -> bool {
        matches!(self, Self::Atom(text) if width(text) <= SHORT)
    }

    /// Whether it is short, and a name or a literal: only then it is packed in a call.
    fn is_simple(&self) -> bool {
        let Self::Atom(text) = self else { return false };
        let name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'&' | b'-');
        self.is_short() && (text.starts_with('"') || text.bytes().all(name))
    }
}

fn joined(items: &[Doc], limit: usize) -> Option<String> {
    let lines: Option<Vec<_>> = items.iter().map(Doc::one_line).collect();
    let line = lines?.join(", ");
    // A single element that cannot be broken may be as wide as the line.
    let alone = matches!(items, [Doc::Atom(_)]);
    (alone || width(&line) <= limit).then_some(line)
}

fn bracketed(
    open: &str,
    items: &[Doc],
    close: &str,
    indent: Indent,
    before: usize,
    after: usize,
    budget: usize,
) -> String {
    if let [only] = items
        && only.overflows()
    {
        let budget = budget.saturating_sub(width(open) + width(close));
        let budget = if only.is_call() {
            budget.min(LIST)
        } else {
            budget
        };
        let inside = only.within(indent, before + width(open), width(close) + after, budget);
        return format!("{open}{inside}{close}");
    }
    let inner = indent.deeper();
    let mut out = format!("{open}\n");
    for item in items {
        let item = item.lay_out(inner, 0, 1);
        out.push_str(&format!("{}{item},\n", inner.blanks()));
    }
    out.push_str(&format!("{}{close}", indent.blanks()));
    out
}

/// A struct literal on several lines. `base` may be empty.
fn braced(name: &str, fields: &[(&str, Doc)], base: &str, indent: Indent) -> String {
    let inner = indent.deeper();
    let blanks = inner.blanks();
    let mut out = format!("{name} {{\n");
    for (field, value) in fields {
        let value = value.lay_out(inner, field.len() + 2, 1);
        out.push_str(&format!("{blanks}{field}: {value},\n"));
    }
    if !base.is_empty() {
        out.push_str(&format!("{blanks}{base}\n"));
    }
    out.push_str(&format!("{}}}", indent.blanks()));
    out
}

fn packed(open: &str, items: &[Doc], close: &str, indent: Indent) -> String {
    let inner = indent.deeper();
    let blanks = inner.blanks();
    let mut out = format!("{open}\n{blanks}");
    let mut column = inner.columns();
    for (at, item) in items.iter().enumerate() {
        let Doc::Atom(text) = item else { continue };
        if at > 0 && column + 1 + width(text) + 1 > LINE {
            out.push_str(&format!("\n{blanks}"));
            column = inner.columns();
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(&format!("{text},"));
        column += width(text) + 1;
    }
    out.push_str(&format!("\n{}{close}", indent.blanks()));
    out
}

/// The width in columns. rustfmt counts wide characters as two columns, but those are rare in text
/// that may be broken.
fn width(text: &str) -> usize {
    text.chars().count()
}
