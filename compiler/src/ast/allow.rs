//! `$allow`: turns off findings for a part of a file.
//!
//! Enters: objects of the tree. Leaves: the entries, each with the range of the file it applies to.
//! `diagnostics::suppress` decides which findings they hide. Must not know which findings exist.

use super::read;
use crate::{
    diagnostics::{Found, suppress::Allow},
    source::Span,
    syntax::tree::{Entry, Node, NodeKind},
};

/// The key.
pub(super) const KEY: &str = "$allow";

/// Reads the `$allow` of one object, if it has one.
pub(super) fn of_object(
    scope: Span,
    entry: Option<&Entry>,
    allows: &mut Vec<Allow>,
    findings: &mut Found,
) {
    if let Some(entry) = entry {
        allows.push(Allow {
            scope,
            entries: read::strings(KEY, &entry.value, findings)
                .into_iter()
                .map(|word| (word.value, word.span))
                .collect(),
        });
    }
}

/// Removes every `$allow` from a value, so that later stages do not see it as data.
pub(super) fn take(node: &mut Node, allows: &mut Vec<Allow>, findings: &mut Found) {
    let scope = node.span;
    match &mut node.kind {
        NodeKind::Object(entries) => {
            let here = entries.iter().find(|entry| &*entry.key.text == KEY);
            of_object(scope, here, allows, findings);
            entries.retain(|entry| &*entry.key.text != KEY);
            for entry in entries {
                take(&mut entry.value, allows, findings);
            }
        }
        NodeKind::Array(items) => {
            for item in items {
                take(item, allows, findings);
            }
        }
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::String(_)
        | NodeKind::Error => {}
    }
}
