//! Statements, laid out the way rustfmt does it.
//!
//! Enters: blocks of statements. Leaves: lines and nested blocks of the crate `codegen`, which
//! indents them. Must not know what the statements are for.

use codegen::{Block as Nested, Formatter};

use super::layout::{self, Indent};
use crate::codegen::rust::{Block, Branch, Function, Name, Stmt};

/// An `if` expression wider than this takes several lines.
const IF_ELSE: usize = 50;
/// A `let … else` wider than this takes several lines.
const LET_ELSE: usize = 50;

/// A statement in the types of the crate `codegen`.
enum Printed {
    Line(String),
    Nested(Nested),
}

/// Gives a function its body.
pub(super) fn fill(function: &mut codegen::Function, body: &Block) {
    for stmt in body {
        match piece(stmt, 1) {
            Printed::Line(line) => function.line(line),
            Printed::Nested(block) => function.push_block(block),
        };
    }
}

/// A function whose head is written already.
pub(super) fn function(function: &Function, head: &str) -> String {
    let about = function.about.as_ref();
    let about = about.map_or_else(String::new, |about| format!("/// {about}\n"));
    format!("{about}{}", text(&nested(head, &function.body, 1)))
}

/// `head { body }`; `depth` is how many levels deep the body is.
fn nested(head: &str, body: &Block, depth: usize) -> Nested {
    let mut block = Nested::new(head);
    for stmt in body {
        match piece(stmt, depth) {
            Printed::Line(line) => block.line(line),
            Printed::Nested(inner) => block.push_block(inner),
        };
    }
    block
}

/// A statement that is `depth` levels deep.
fn piece(stmt: &Stmt, depth: usize) -> Printed {
    let indent = Indent::level(depth);
    let assigned = |head: &str, value| format!("{};", layout::assigned(head, value, indent, 1));
    Printed::Line(match stmt {
        Stmt::Let(name, value) => assigned(&format!("let {name} ="), value),
        Stmt::LetMut(name, value) => assigned(&format!("let mut {name} ="), value),
        Stmt::Assign(name, value) => assigned(&format!("{name} ="), value),
        Stmt::Do(value) => format!("{};", layout::placed(value, indent, 0, 1)),
        Stmt::Return(value) => {
            let head = "return ";
            format!("{head}{};", layout::placed(value, indent, head.len(), 1))
        }
        Stmt::Value(value) => layout::placed(value, indent, 0, 0),
        Stmt::Continue => "continue;".to_owned(),
        Stmt::Break(None) => "break;".to_owned(),
        Stmt::Break(Some(label)) => format!("break '{label};"),
        Stmt::LetIf(name, branch) => {
            let head = format!("let {name} = ");
            match short(branch) {
                Some(text) => format!("{head}{text};"),
                None => return Printed::Nested(branched(&head, branch, depth, ";")),
            }
        }
        Stmt::If(branch) => return Printed::Nested(branched("", branch, depth, "")),
        Stmt::Unpack(names, list) => return unpack(names, list),
        Stmt::For {
            label,
            item,
            items,
            body,
        } => {
            let label = label.as_ref().map(|label| format!("'{label}: "));
            let head = format!("{}for {item} in {items}", label.unwrap_or_default());
            return Printed::Nested(nested(&head, body, depth + 1));
        }
    })
}

/// An `if` with both branches on one line, when it is short enough.
fn short(branch: &Branch) -> Option<String> {
    let ([Stmt::Value(then)], Some([Stmt::Value(otherwise)])) =
        (branch.then.as_slice(), branch.otherwise.as_deref())
    else {
        return None;
    };
    let condition = &branch.condition;
    let text = format!("if {condition} {{ {then} }} else {{ {otherwise} }}");
    (text.len() <= IF_ELSE).then_some(text)
}

fn branched(head: &str, branch: &Branch, depth: usize, after: &str) -> Nested {
    let head = format!("{head}if {}", branch.condition);
    let then = nested(&head, &branch.then, depth + 1);
    let mut last = match &branch.otherwise {
        None => then,
        // The crate has no `else`, so the text of the whole first block becomes the head of the
        // second.
        Some(otherwise) => nested(&format!("{} else", text(&then)), otherwise, depth + 1),
    };
    last.after(after);
    last
}

fn unpack(names: &[Name], list: &Name) -> Printed {
    let names: Vec<_> = names.iter().map(Name::to_string).collect();
    // `ops::unpack` returned exactly as many values, so the `else` is never taken.
    let head = format!("let [{}] = {list}.as_slice() else", names.join(", "));
    let short = format!("{head} {{ continue }};");
    if short.len() <= LET_ELSE {
        return Printed::Line(short);
    }
    let mut block = nested(&head, &vec![Stmt::Continue], 0);
    block.after(";");
    Printed::Nested(block)
}

/// The text of a block, not indented.
fn text(block: &Nested) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = block.fmt(&mut Formatter::new(&mut out));
    out.trim_end().to_owned()
}
