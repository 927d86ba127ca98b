//! Removes spans from trees, to compare trees that were parsed from different texts.
//!
//! Enters: a tree. Leaves: its debug text without spans.

use fmc_expr::ast::Expr;

/// The debug text of a tree, without spans.
pub fn spans(expr: Expr) -> String {
    let shown = format!("{expr:?}");
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some(at) = rest.find("Span {") {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        rest = tail.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}
