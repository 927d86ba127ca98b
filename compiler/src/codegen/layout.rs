//! Nested calls and tables, laid out as rustfmt lays them out.
//!
//! Enters: trees of calls, arrays and struct literals. Leaves: text that `rustfmt --check` finds
//! nothing about (but for literals no line can hold). Must not know what is written.

/// How wide a line may be.
const LINE: usize = 100;
/// How wide the arguments of a call, or the elements of an array, may be on one line.
const LIST: usize = 60;
/// How wide the fields of a struct literal may be on one line.
const STRUCT: usize = 18;
/// Elements up to this width are packed, several a line.
const SHORT: usize = 10;

/// A piece of source.
#[derive(Clone, Debug)]
pub(super) enum Code {
    /// Never broken.
    Atom(String),
    /// `head(args)tail`; a tuple has no head.
    Call(String, Vec<Code>, &'static str),
    /// `head[items]`, where head is `&`, `vec!` or nothing.
    Array(&'static str, Vec<Code>),
    /// `name { fields }`
    Struct(&'static str, Vec<(&'static str, Code)>),
}

impl Code {
    /// An atom.
    pub(super) fn atom(text: impl Into<String>) -> Self {
        Self::Atom(text.into())
    }

    /// A call.
    pub(super) fn call(head: impl Into<String>, args: Vec<Self>) -> Self {
        Self::Call(head.into(), args, "")
    }

    /// A tuple.
    pub(super) fn tuple(items: Vec<Self>) -> Self {
        Self::Call(String::new(), items, "")
    }

    /// `self?`
    #[must_use]
    pub(super) fn tried(self) -> Self {
        match self {
            Self::Call(head, args, _) => Self::Call(head, args, "?"),
            other => Self::Atom(format!("{}?", other.flat())),
        }
    }

    /// `&self`
    #[must_use]
    pub(super) fn borrowed(self) -> Self {
        match self {
            Self::Call(head, args, tail) => Self::Call(format!("&{head}"), args, tail),
            other => Self::Atom(format!("&{}", other.flat())),
        }
    }

    /// The text on one line, however long.
    pub(super) fn flat(&self) -> String {
        let join = |items: &[Self]| {
            let items: Vec<_> = items.iter().map(Self::flat).collect();
            items.join(", ")
        };
        match self {
            Self::Atom(text) => text.clone(),
            Self::Call(head, args, tail) => format!("{head}({}){tail}", join(args)),
            Self::Array(head, items) => format!("{head}[{}]", join(items)),
            Self::Struct(name, fields) => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(field, value)| format!("{field}: {}", value.flat()))
                    .collect();
                format!("{name} {{ {} }}", fields.join(", "))
            }
        }
    }

    /// The text, where the first line already holds `before` characters beyond the indentation
    /// and the last one will hold `after` more. `indent` counts characters.
    pub(super) fn lay_out(&self, indent: usize, before: usize, after: usize) -> String {
        self.within(indent, before, after, LINE)
    }

    /// `head` and the text: behind it, or indented on the next line where only there one line
    /// is enough. `after` is what the last line will hold more.
    pub(super) fn assigned(&self, head: &str, indent: usize, after: usize) -> String {
        let text = self.lay_out(indent, width(head) + 1, after);
        if text.contains('\n')
            && let Some(line) = self.one_line()
            && indent + 4 + width(&line) + after <= LINE
        {
            let inner = indent + 4;
            return format!("{head}\n{:inner$}{line}", "");
        }
        format!("{head} {text}")
    }

    /// As [`Code::lay_out`], on one line only up to a width: rustfmt gives a call that is alone
    /// in another's brackets no more than a list of arguments, which keeps nesting flat.
    fn within(&self, indent: usize, before: usize, after: usize, budget: usize) -> String {
        if let Some(line) = self.one_line()
            && indent + before + width(&line) + after <= LINE
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
            Self::Struct(name, fields) => {
                let inner = indent + 4;
                let mut out = format!("{name} {{\n");
                for (field, value) in fields {
                    let value = value.lay_out(inner, field.len() + 2, 1);
                    out.push_str(&format!("{:inner$}{field}: {value},\n", ""));
                }
                out.push_str(&format!("{:indent$}}}", ""));
                out
            }
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
            Self::Atom(_) | Self::Struct(..) => false,
        }
    }

    fn is_short(&self) -> bool {
        matches!(self, Self::Atom(text) if width(text) <= SHORT)
    }
}

fn joined(items: &[Code], limit: usize) -> Option<String> {
    let lines: Option<Vec<_>> = items.iter().map(Code::one_line).collect();
    let line = lines?.join(", ");
    // What is alone and cannot be broken may be as wide as the line.
    let alone = matches!(items, [Code::Atom(_)]);
    (alone || width(&line) <= limit).then_some(line)
}

fn bracketed(
    open: &str,
    items: &[Code],
    close: &str,
    indent: usize,
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
    let inner = indent + 4;
    let mut out = format!("{open}\n");
    for item in items {
        out.push_str(&format!("{:inner$}{},\n", "", item.lay_out(inner, 0, 1)));
    }
    out.push_str(&format!("{:indent$}{close}", ""));
    out
}

fn packed(head: &str, items: &[Code], indent: usize) -> String {
    let inner = indent + 4;
    let mut out = format!("{head}[\n{:inner$}", "");
    let mut column = inner;
    for (at, item) in items.iter().enumerate() {
        let Code::Atom(text) = item else { continue };
        if at > 0 && column + 1 + width(text) + 1 > LINE {
            out.push_str(&format!("\n{:inner$}", ""));
            column = inner;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(&format!("{text},"));
        column += width(text) + 1;
    }
    out.push_str(&format!("\n{:indent$}]", ""));
    out
}

/// Columns as rustfmt counts them, near enough: wide characters are rare in what may be broken.
fn width(text: &str) -> usize {
    text.chars().count()
}
