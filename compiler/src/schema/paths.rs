//! What the references of a schema lead to.
//!
//! Enters: a schema as a JSON tree, and references within it. Leaves: the part that a reference
//! leads to, and whether an anchor exists. Keys of large objects and anchors are found by hash, so
//! that ten thousand references into ten thousand definitions are found in as many steps. Must not
//! know types or findings.

use std::collections::{HashMap, HashSet};

use super::text;
use crate::{
    source::Span,
    syntax::tree::{Node, NodeKind},
};

/// An object with more entries than this has its keys found by hash.
const LARGE: usize = 16;

/// What was looked up before. Nodes are known by their spans, which no two of them share.
#[derive(Default)]
pub(super) struct Paths<'a> {
    /// By object: the first value of each key.
    fields: HashMap<Span, HashMap<&'a str, &'a Node>>,
    /// By schema: its anchors.
    anchors: HashMap<Span, HashSet<&'a str>>,
}

impl<'a> Paths<'a> {
    /// Finds what a reference within the schema leads to: `#`, `#/$defs/name`, `#/allOf/0`.
    pub(super) fn resolve(&mut self, root: &'a Node, target: &str) -> Option<&'a Node> {
        let path = target.strip_prefix('#')?;
        if path.is_empty() {
            return Some(root);
        }
        let steps = path.strip_prefix('/')?.split('/');
        steps
            // JSON Pointer writes `/` as `~1` and `~` as `~0` (RFC 6901). `~1` goes first, so that
            // `~01` becomes `~1`.
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .try_fold(root, |node, step| match node.array() {
                Some(items) => items.get(step.parse::<usize>().ok()?),
                None => self.field(node, &step),
            })
    }

    fn field(&mut self, node: &'a Node, key: &str) -> Option<&'a Node> {
        let entries = node.object()?;
        if entries.len() <= LARGE {
            return node.field(key);
        }
        let fields = self.fields.entry(node.span).or_insert_with(|| {
            // The last of equal keys stays in a map, so the first must come last.
            let entries = entries.iter().rev();
            entries
                .map(|entry| (&*entry.key.text, &entry.value))
                .collect()
        });
        fields.get(key).copied()
    }

    /// Whether a schema or a part of it has this anchor.
    pub(super) fn has_anchor(&mut self, root: &'a Node, name: &str) -> bool {
        let anchors = self.anchors.entry(root.span).or_insert_with(|| {
            let mut found = HashSet::new();
            anchors(root, &mut found);
            found
        });
        anchors.contains(name)
    }
}

fn anchors<'a>(node: &'a Node, found: &mut HashSet<&'a str>) {
    match &node.kind {
        NodeKind::Array(items) => items.iter().for_each(|item| anchors(item, found)),
        NodeKind::Object(entries) => {
            for entry in entries {
                if matches!(&*entry.key.text, "$anchor" | "$dynamicAnchor") {
                    found.extend(text(&entry.value));
                }
                anchors(&entry.value, found);
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
