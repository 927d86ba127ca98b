//! Nested calls and tables, laid out as rustfmt lays them out.
//!
//! Enters: expressions. Leaves: text that `rustfmt --check` finds nothing about (but for literals
//! no line can hold); its first line is not indented, the others as far as they are further in
//! than the first. Must not know what is written.

use crate::codegen::rust::Code;

/// How wide a line may be.
const LINE: usize = 100;
/// How wide the arguments of a call, or the elements of an array, may be on one line.
const LIST: usize = 60;
/// How wide the fields of a struct literal may be on one line.
const STRUCT: usize = 18;
/// Elements up to this width are packed, several a line.
const SHORT: usize = 10;

/// How far a line is indented: by what is around the text, which whoever places the text adds,
/// and by the text itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indent {
    outer: usize,
    own: usize,
}

impl Indent {
    /// Text that is going to be placed so many levels deep.
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

    /// How many columns stand before a line.
    fn columns(self) -> usize {
        self.outer + self.own
    }

    /// What the text itself has to write before a line.
    fn blanks(self) -> String {
        " ".repeat(self.own)
    }
}

/// Whether an expression stands on one line, were the line long enough for it.
pub(in crate::codegen) fn fits_one_line(code: &Code) -> bool {
    Doc::of(code).one_line().is_some()
}

/// Whether a line that is not indented is short enough.
pub(super) fn fits(line: &str) -> bool {
    width(line) <= LINE
}

/// `head` and an expression: behind it, or indented on the next line where only there one line
/// is enough. `after` is what the last line will hold more.
pub(super) fn assigned(head: &str, code: &Code, indent: Indent, after: usize) -> String {
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

/// An expression, where the first line already holds `before` characters beyond the indentation
/// and the last one will hold `after` more.
pub(super) fn placed(code: &Code, indent: Indent, before: usize, after: usize) -> String {
    Doc::of(code).lay_out(indent, before, after)
}

/// An expression as far as its layout goes.
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
    fn of(code: &Code) -> Self {
        let each = |fields: &[(&'static str, Code)]| {
            let fields = fields.iter();
            let fields = fields.map(|(field, value)| (*field, Self::of(value)));
            fields.collect()
        };
        let all = |codes: &[Code]| codes.iter().map(Self::of).collect();
        match code {
            Code::Call(function, arguments) => Self::Call(function.to_string(), all(arguments), ""),
            Code::Method(receiver, method, arguments) => {
                Self::Call(format!("{receiver}.{method}"), all(arguments), "")
            }
            Code::Tuple(items) => Self::Call(String::new(), all(items), ""),
            Code::Array(items) => Self::Array("", all(items)),
            Code::Vector(items) => Self::Array("vec!", all(items)),
            Code::Struct(name, fields) => Self::Struct(name.to_string(), each(fields)),
            Code::Update(name, fields, base) => {
                Self::Update(name.to_string(), each(fields), format!("..{base}"))
            }
            Code::Borrow(inner) => Self::of(inner).behind("&"),
            Code::Not(inner) => {
                let inner = Self::of(inner);
                if matches!(inner, Self::Atom(_)) {
                    return Self::Atom(code.to_string());
                }
                inner.behind("!")
            }
            Code::Try(inner) => {
                let Self::Call(head, args, _) = Self::of(inner) else {
                    return Self::Atom(code.to_string());
                };
                Self::Call(head, args, "?")
            }
            Code::Constant(_, inner) => Self::of(inner),
            Code::Name(_) | Code::Literal(_) | Code::And(..) | Code::Or(..) | Code::Word(_) => {
                Self::Atom(code.to_string())
            }
        }
    }

    /// This behind an operator.
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

    /// As [`Doc::lay_out`], on one line only up to a width: rustfmt gives a call that is alone
    /// in another's brackets no more than a list of arguments, which keeps nesting flat.
    fn within(&self, indent: Indent, before: usize, after: usize, budget: usize) -> String {
        if let Some(line) = self.one_line()
            && indent.columns() + before + width(&line) + after <= LINE
            && width(&line) <= budget
        {
            return line;
        }
        match self {
            Self::Atom(text) => text.clone(),
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
                packed(head, items, indent)
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

    /// The text on one line, where rustfmt would leave it there.
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
            // Three fields and more: always wider than that.
            Self::Update(..) => None,
        }
    }

    /// Whether it may follow its parent's bracket on the same line when it is alone in it.
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
}

fn joined(items: &[Doc], limit: usize) -> Option<String> {
    let lines: Option<Vec<_>> = items.iter().map(Doc::one_line).collect();
    let line = lines?.join(", ");
    // What is alone and cannot be broken may be as wide as the line.
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

/// A struct literal on several lines; `base` may be empty.
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

fn packed(head: &str, items: &[Doc], indent: Indent) -> String {
    let inner = indent.deeper();
    let blanks = inner.blanks();
    let mut out = format!("{head}[\n{blanks}");
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
    out.push_str(&format!("\n{}]", indent.blanks()));
    out
}

/// Columns as rustfmt counts them, near enough: wide characters are rare in what may be broken.
fn width(text: &str) -> usize {
    text.chars().count()
}
