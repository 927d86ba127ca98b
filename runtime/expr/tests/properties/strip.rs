//! Trees without places, to compare what was parsed from different texts.
//!
//! Enters: a tree. Leaves: its debug text, every span removed.

use fmc_expr::ast::Expr;

/// The tree's shape.
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
