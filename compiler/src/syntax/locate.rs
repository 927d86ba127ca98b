//! From an offset of the text to what stands there in the tree.
//!
//! Enters: a tree, its text, a byte offset of it, as a cursor or a finding gives it. Leaves: the
//! path from the root, the node, and the offset inside the decoded text of a key or string. Works
//! on broken files too: the tree is then what the parser made of them. Must not know pipelines.

use super::tree::{Entry, JsonString, Node, NodeKind};

/// What stands at an offset.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    /// The way from the root to `node`; empty at the root.
    pub path: Vec<Step<'a>>,
    /// The innermost value at the offset.
    pub node: &'a Node,
    /// What of `node` stands there.
    pub inside: Inside<'a>,
}

/// One step of a path.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// Into the value of a key. Where a key stands twice, this is the entry that was meant.
    Key(&'a Entry),
    /// Into an element of an array, counted from 0.
    Index(usize),
}

/// What of a node stands at an offset.
#[derive(Clone, Copy, Debug)]
pub enum Inside<'a> {
    /// The text of a key of the node, which is an object.
    Key {
        /// The entry whose key it is.
        entry: &'a Entry,
        /// The byte offset in the decoded key.
        decoded: usize,
    },
    /// The text of the node, which is a string, between its quotes.
    Text {
        /// The string.
        string: &'a JsonString,
        /// The byte offset in the decoded text.
        decoded: usize,
    },
    /// The value as a whole: a number, a bracket, a quote, or what stands between the elements
    /// of an array or object.
    Value,
}

impl Node {
    /// The innermost value at a byte offset; the root where the offset is outside.
    ///
    /// An offset stands between two characters, and belongs to the values that begin or end
    /// there; of two, to the later one. What stands between a key and its value belongs to the
    /// value.
    #[must_use]
    pub fn node_at(&self, text: &str, offset: u32) -> &Self {
        self.path_at(text, offset).node
    }

    /// What stands at a byte offset of `text`, which this is the tree of, with the path to it.
    /// See [`Node::node_at`] for what belongs to what.
    #[must_use]
    pub fn path_at(&self, text: &str, offset: u32) -> Located<'_> {
        let mut path = Vec::new();
        let mut node = self;
        // A loop, not recursion: whatever the depth of a tree, its user need not care.
        loop {
            let inside = match &node.kind {
                NodeKind::Array(items) => match item_at(items, text, offset) {
                    Some((index, item)) => {
                        path.push(Step::Index(index));
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
                            path.push(Step::Key(entry));
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
            return Located { path, node, inside };
        }
    }
}

/// The last item that begins at or before the offset, where it reaches as far.
fn item_at<'a>(items: &'a [Node], text: &str, offset: u32) -> Option<(usize, &'a Node)> {
    let behind = items.partition_point(|item| item.span.start <= offset);
    let index = behind.checked_sub(1)?;
    let item = items.get(index)?;
    reaches(item, text, offset).then_some((index, item))
}

/// The entry whose key or value is at the offset, or that the offset is in the middle of.
fn entry_at<'a>(entries: &'a [Entry], text: &str, offset: u32) -> Option<&'a Entry> {
    let behind = entries.partition_point(|entry| entry.key.span.start <= offset);
    let entry = entries.get(behind.checked_sub(1)?)?;
    (offset <= entry.key.span.end || reaches(&entry.value, text, offset)).then_some(entry)
}

/// Whether a node that begins before the offset ends at or behind it. The blanks behind a value
/// that is missing, as in `{"a":   }`, or behind a bracket that is never closed, belong to it:
/// what is written there next is part of it.
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
    // In `[[1]` the bracket at the end is that of the inner array.
    byte != Some(&close) || last.is_some_and(|last| last.span.end >= node.span.end)
}

/// The offset in the decoded text, where it is between the quotes.
fn in_text(string: &JsonString, offset: u32) -> Option<usize> {
    let inner = string.inner();
    (inner.start <= offset && offset <= inner.end).then(|| string.decoded(offset))
}
