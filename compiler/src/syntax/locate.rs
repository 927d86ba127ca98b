//! From an offset in the text to the node of the tree at that offset.
//!
//! Enters: a tree, its text, and a byte offset from a cursor or a finding. Leaves: the path from
//! the root, the node, and the offset inside the decoded text of a key or string. Works on broken
//! files too: the tree is then whatever the parser could make of them. Must not know pipelines.

use super::tree::{Entry, JsonString, Node, NodeKind};

/// The node at an offset, and the path to it.
#[derive(Clone, Debug)]
pub struct LocatedNode<'a> {
    /// The path from the root to `node`; empty when `node` is the root.
    pub path: Vec<PathStep<'a>>,
    /// The innermost value at the offset.
    pub node: &'a Node,
    /// Which part of `node` is at the offset.
    pub inside: Inside<'a>,
}

/// One step of a path through the tree.
#[derive(Clone, Copy, Debug)]
pub enum PathStep<'a> {
    /// Into the value of a key. When an object has the key twice, this is the entry that contains
    /// the offset.
    Key(&'a Entry),
    /// Into an element of an array; the first is 0.
    Index(usize),
}

/// Which part of a node is at an offset.
#[derive(Clone, Copy, Debug)]
pub enum Inside<'a> {
    /// The text of a key; the node is the object.
    Key {
        /// The entry with that key.
        entry: &'a Entry,
        /// The byte offset in the decoded key.
        decoded: usize,
    },
    /// The text of a string, between its quotes; the node is the string.
    Text {
        /// The string.
        string: &'a JsonString,
        /// The byte offset in the decoded text.
        decoded: usize,
    },
    /// Any other part: a number, a bracket, a quote, or the space between the elements of an array
    /// or object.
    Value,
}

impl Node {
    /// The innermost value at a byte offset; the root when the offset is outside the tree.
    ///
    /// An offset is between two characters. It belongs to a value that ends there or begins there;
    /// when one ends and another begins, it belongs to the later one. The space between a key and
    /// its value belongs to the value.
    #[must_use]
    pub fn node_at(&self, text: &str, offset: u32) -> &Self {
        self.path_at(text, offset).node
    }

    /// The innermost value at a byte offset of `text`, with the path to it. `text` must be the text
    /// this tree was parsed from. [`Node::node_at`] says which value an offset belongs to.
    #[must_use]
    pub fn path_at(&self, text: &str, offset: u32) -> LocatedNode<'_> {
        let mut path = Vec::new();
        let mut node = self;
        // A loop and not recursion, so that a deep tree cannot overflow the caller's stack.
        loop {
            let inside = match &node.kind {
                NodeKind::Array(items) => match item_at(items, text, offset) {
                    Some((index, item)) => {
                        path.push(PathStep::Index(index));
                        node = item;
                        continue;
                    }
                    None => Inside::Value,
                },
                NodeKind::Object(entries) => match entry_at(entries, text, offset) {
                    Some(entry) => match in_text(&entry.key, offset) {
                        Some(decoded) => Inside::Key { entry, decoded },
                        None if offset < entry.key.span.end => Inside::Value,
                        None => {
                            path.push(PathStep::Key(entry));
                            node = &entry.value;
                            continue;
                        }
                    },
                    None => Inside::Value,
                },
                NodeKind::String(string) => match in_text(string, offset) {
                    Some(decoded) => Inside::Text { string, decoded },
                    None => Inside::Value,
                },
                NodeKind::Null
                | NodeKind::Bool(_)
                | NodeKind::Int(_)
                | NodeKind::Float(_)
                | NodeKind::Error => Inside::Value,
            };
            return LocatedNode { path, node, inside };
        }
    }
}

/// The last item that begins at or before the offset, if it extends to the offset.
fn item_at<'a>(items: &'a [Node], text: &str, offset: u32) -> Option<(usize, &'a Node)> {
    let behind = items.partition_point(|item| item.span.start <= offset);
    let index = behind.checked_sub(1)?;
    let item = items.get(index)?;
    reaches(item, text, offset).then_some((index, item))
}

/// The last entry that begins at or before the offset, if its key or value extends to the offset.
fn entry_at<'a>(entries: &'a [Entry], text: &str, offset: u32) -> Option<&'a Entry> {
    let behind = entries.partition_point(|entry| entry.key.span.start <= offset);
    let entry = entries.get(behind.checked_sub(1)?)?;
    (offset <= entry.key.span.end || reaches(&entry.value, text, offset)).then_some(entry)
}

/// Whether a node that begins before the offset extends to it. The whitespace after a missing
/// value, as in `{"a":   }`, or after a bracket that is never closed, counts as part of the node:
/// what the user types there next will be part of it.
fn reaches(node: &Node, text: &str, offset: u32) -> bool {
    let blank = || {
        let between = text.get(node.span.end as usize..offset as usize);
        between.is_some_and(|between| between.trim().is_empty())
    };
    offset <= node.span.end || (is_unfinished(node, text) && blank())
}

fn is_unfinished(node: &Node, text: &str) -> bool {
    let (close, last) = match &node.kind {
        NodeKind::Array(items) => (b']', items.last()),
        NodeKind::Object(entries) => (b'}', entries.last().map(|entry| &entry.value)),
        NodeKind::Error => return true,
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::String(_) => return false,
    };
    let end = node.span.end as usize;
    let byte = end.checked_sub(1).and_then(|at| text.as_bytes().get(at));
    // In `[[1]` the bracket at the end closes the inner array, so the outer one is still open.
    byte != Some(&close) || last.is_some_and(|last| last.span.end >= node.span.end)
}

/// The offset in the decoded text, when the source offset is between the quotes.
fn in_text(string: &JsonString, offset: u32) -> Option<usize> {
    let inner = string.inner();
    (inner.start <= offset && offset <= inner.end).then(|| string.decoded(offset))
}
