//! Files that hold a part of a pipeline.
//!
//! Enters: the tree of a file. Leaves: one finding that says what the file holds and how to wrap
//! it. Must not know what stages mean.

use super::read;
use crate::{
    diagnostics::{Code, Diagnostic, Edit, Fix},
    source::Span,
    syntax::{
        self,
        tree::{Node, NodeKind},
    },
};

/// Keys that stages have and pipelines do not have.
const STAGE_KEYS: &[&str] = &[
    "component_type",
    "component",
    "type",
    "config",
    "input_mapping",
    "depends_on",
];

/// The finding about a file that is not a pipeline. `None` when it may be one, or is poison.
pub(super) fn find(tree: &Node, stem: &str) -> Option<Diagnostic> {
    match &tree.kind {
        NodeKind::Object(_) if is_stage(tree) => Some(one_stage(tree, stem)),
        NodeKind::Array(items) if !items.is_empty() && items.iter().all(is_stage) => {
            Some(list_of_stages(tree, items, stem))
        }
        NodeKind::Array(items) if items.iter().any(is_pipeline) => Some(
            Diagnostic::new(
                Code::Fragment,
                read::opening(tree.span),
                "a file holds one pipeline, found a list of pipelines",
            )
            .help("put each pipeline into its own file"),
        ),
        NodeKind::Object(_) | NodeKind::Error => None,
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::String(_)
        | NodeKind::Array(_) => Some(Diagnostic::new(
            Code::WrongType,
            read::literal_span(tree),
            format!("a pipeline is an object, found {}", read::describe(tree)),
        )),
    }
}

fn is_stage(node: &Node) -> bool {
    STAGE_KEYS.iter().any(|key| node.field(key).is_some()) && !is_pipeline(node)
}

/// Whether a tree is meant to be a pipeline, whatever else is wrong with it: an object with
/// `stages`.
#[must_use]
pub fn is_pipeline(node: &Node) -> bool {
    node.field("stages").is_some()
}

fn wrap(found: Diagnostic, whole: Span, before: String, after: &str) -> Diagnostic {
    let at = |start: u32| Span {
        start,
        end: start,
        ..whole
    };
    let edit = |span, text| Edit { span, text };
    Diagnostic {
        fix: Some(Fix {
            title: "wrap it in a pipeline".to_owned(),
            safe: false,
            edits: vec![
                edit(at(whole.start), before),
                edit(at(whole.end), after.to_owned()),
            ],
        }),
        ..found
    }
}

fn one_stage(tree: &Node, stem: &str) -> Diagnostic {
    let found = Diagnostic::new(
        Code::Fragment,
        read::opening(tree.span),
        "a file holds one pipeline, found one stage",
    )
    .help("a pipeline is `{\"name\": \"…\", \"stages\": [ … ]}` with the stage in the list");
    wrap(found, tree.span, format!("{}[", head(stem)), "]}")
}

fn list_of_stages(tree: &Node, items: &[Node], stem: &str) -> Diagnostic {
    let found = Diagnostic::new(
        Code::Fragment,
        read::opening(tree.span),
        "a file holds one pipeline, found a list of stages",
    );
    let bare = items
        .first()
        .is_some_and(|first| first.span.start == tree.span.start);
    if bare {
        let help =
            "a pipeline is `{\"name\": \"…\", \"stages\": [ … ]}` with the stages in the list";
        wrap(
            found.help(help),
            tree.span,
            format!("{}[", head(stem)),
            "]}",
        )
    } else {
        let help = "a pipeline is `{\"name\": \"…\", \"stages\": … }` with the list after `stages`";
        wrap(found.help(help), tree.span, head(stem), "}")
    }
}

fn head(stem: &str) -> String {
    let name = syntax::quoted(stem);
    format!("{{\"name\": {name}, \"stages\": ")
}
