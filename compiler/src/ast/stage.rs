//! Stage objects.
//!
//! Enters: an entry of `stages`. Leaves: a [`WrittenStage`], whose settings are as written, and
//! findings about shape. Must not know components.

use std::{collections::HashSet, sync::Arc};

use super::{
    Spanned, WrittenSetting, WrittenStage, allow, error_handling,
    read::{self, KeyTable, Object, aliased, field},
};
use crate::{
    diagnostics::{Code, Diagnostic, Found, suppress::Allow},
    source::Span,
    syntax::tree::{Node, NodeKind},
    trust::Trust,
};

const SHAPE: KeyTable = KeyTable {
    what: "a stage",
    noun: "field",
    unknown: Code::UnknownField,
    required: &["id", "component_type"],
    fields: &[
        field("id"),
        aliased("component_type", &["type", "component"]),
        aliased("config", &["input_mapping"]),
        field("depends_on"),
        field("name"),
        field("description"),
        field("enabled"),
        field("timeout_ms"),
        field("error_handling"),
        // Other ways to write `error_handling`, each with a shape of its own.
        field("retry_config"),
        field("on_error"),
        field("fallback_output"),
        field("provider"),
        field("model"),
        field("llm_settings"),
        field("metadata"),
        field("position"),
        field(allow::KEY),
    ],
};

/// The settings of any model, which `llm_settings` may hold in addition to those of the component.
const LLM_SETTINGS: KeyTable = KeyTable {
    what: "`llm_settings`",
    noun: "field",
    unknown: Code::UnknownField,
    required: &[],
    fields: &[
        field("provider"),
        field("model"),
        field("max_tokens"),
        field("temperature"),
        field("top_p"),
        field("stop_sequences"),
    ],
};

/// Reads one entry of `stages`. `None` when it has no id, because nothing could refer to it.
pub(super) fn read(
    node: &Node,
    allows: &mut Vec<Allow>,
    findings: &mut Found,
) -> Option<WrittenStage> {
    let NodeKind::Object(entries) = &node.kind else {
        read::wrong_type("an entry of `stages`", "an object", node, findings);
        return None;
    };
    let object = Object::read(&SHAPE, entries, findings);
    allow::of_object(node.span, object.entry(allow::KEY), allows, findings);
    let id = read_id(&object, node.span, findings)?;
    let component = read_component(&object, &id, findings);
    let (config, config_span) = read_config(&object, node.span, allows, findings);
    let text = |name: &str, findings: &mut Found| read::string(name, object.value(name)?, findings);
    let value = |name: &str, allows: &mut Vec<Allow>, findings: &mut Found| {
        let mut value = object.value(name)?.clone();
        allow::take(&mut value, allows, findings);
        Some(value)
    };
    let depends_on = object.value("depends_on");
    Some(WrittenStage {
        span: node.span,
        id,
        component,
        config,
        config_span,
        config_trust: object.value("config").map_or(Trust::Sound, |node| {
            Trust::lost_if(!matches!(node.kind, NodeKind::Object(_)), node.span)
        }),
        depends_on: depends_on
            .map(|node| read::strings("depends_on", node, findings))
            .unwrap_or_default(),
        depends_on_span: depends_on
            .filter(|node| matches!(node.kind, NodeKind::Array(_)))
            .map(|node| node.span),
        name: text("name", findings),
        description: text("description", findings),
        enabled: object
            .value("enabled")
            .and_then(|node| read::boolean("enabled", node, findings))
            .unwrap_or(true),
        timeout_ms: object
            .value("timeout_ms")
            .and_then(|node| read::positive("timeout_ms", node, findings)),
        error_handling: error_handling::read(&object, findings),
        fallback_output: value("fallback_output", allows, findings).map(Box::new),
        provider: value("provider", allows, findings).map(Box::new),
        model: value("model", allows, findings).map(Box::new),
        llm_settings: value("llm_settings", allows, findings)
            .inspect(|node| check_llm_settings(node, findings))
            .map(Box::new),
    })
}

/// The component's name as written. A stage without one is reported at its id.
fn read_component(
    object: &Object<'_>,
    id: &Spanned<String>,
    findings: &mut Found,
) -> Option<Spanned<String>> {
    if let Some(node) = object.value("component_type") {
        return read::literal("component_type", node, findings);
    }
    let message = format!("the stage `{}` has no `component_type`", id.value);
    findings.push(
        Diagnostic::new(Code::MissingField, id.span, message)
            .help("it names what the stage does: `http-request`, `json-transform`, `router`, …"),
    );
    None
}

/// Reports fields that no model would receive. A template is not reported: what it holds is known
/// at run time only.
fn check_llm_settings(node: &Node, findings: &mut Found) {
    if let NodeKind::Object(entries) = &node.kind
        && !entries.iter().any(|entry| entry.key.has_template())
    {
        Object::read(&LLM_SETTINGS, entries, findings);
    }
}

fn read_id(object: &Object<'_>, stage: Span, findings: &mut Found) -> Option<Spanned<String>> {
    let Some(node) = object.value("id") else {
        findings.push(
            Diagnostic::new(
                Code::MissingField,
                read::opening(stage),
                "the stage has no `id`",
            )
            .help("other stages name it by its id: letters, digits, `-` and `_`"),
        );
        return None;
    };
    let id = read::literal("id", node, findings)?;
    check_id("a stage id", &id, findings);
    Some(id)
}

/// The longest id, in characters.
const LONGEST: usize = 100;

/// Reports an id with characters that ids cannot have.
pub(super) fn check_id(what: &str, id: &Spanned<String>, findings: &mut Found) {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let length = id.value.chars().count();
    if length > LONGEST {
        // Files of a build are named after ids, and file systems refuse long names.
        let message = format!("{what} has at most {LONGEST} characters, found {length}");
        findings.push(Diagnostic::new(Code::BadId, id.span, message));
        return;
    }
    // A program called `--help` or `-rf` would be taken for a flag by the next command.
    let flag = id.value.starts_with('-');
    if !id.value.is_empty() && !flag && id.value.chars().all(good) {
        return;
    }
    let found = match id.value.chars().find(|&c| !good(c)) {
        Some(bad) => {
            let shown = format!(
                "{what} may only have letters, digits, `-` and `_`, found {}",
                shown(bad)
            );
            Diagnostic::new(Code::BadId, id.span, shown)
        }
        None if flag => {
            let message = format!("{what} may not begin with `-`, as a flag does");
            Diagnostic::new(Code::BadId, id.span, message)
        }
        None => Diagnostic::new(Code::BadId, id.span, format!("{what} cannot be empty")),
    };
    let better = sanitise(&id.value);
    findings.push(if better.is_empty() {
        found
    } else {
        // Other stages may use the id, so this fix is not applied without asking.
        found.fix(format!("write `{better}`"), false, id.span, better)
    });
}

/// A character in back-ticks; an invisible one is shown as its escape.
fn shown(c: char) -> String {
    match c {
        '`' => "a back-tick".to_owned(),
        ' ' => "a space".to_owned(),
        _ => format!("`{}`", c.escape_debug()),
    }
}

/// Makes an id from a text: each run of characters that ids cannot have becomes one `-`, except at
/// the beginning.
pub(super) fn sanitise(text: &str) -> String {
    let words: Vec<_> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").trim_start_matches('-').to_owned()
}

fn read_config(
    object: &Object<'_>,
    stage: Span,
    allows: &mut Vec<Allow>,
    findings: &mut Found,
) -> (Vec<WrittenSetting>, Span) {
    let Some(node) = object.value("config") else {
        return (Vec::new(), stage);
    };
    let mut node = node.clone();
    // Before anything reads the settings, so that no `$allow` is taken for one.
    allow::take(&mut node, allows, findings);
    let NodeKind::Object(entries) = node.kind else {
        read::wrong_type("config", "an object", &node, findings);
        return (Vec::new(), node.span);
    };
    // The second of two equal keys has been reported by the JSON parser.
    let mut seen: HashSet<Arc<str>> = HashSet::with_capacity(entries.len());
    let mut settings: Vec<WrittenSetting> = Vec::with_capacity(entries.len());
    for entry in entries {
        if seen.insert(Arc::clone(&entry.key.text)) {
            settings.push(WrittenSetting {
                key: entry.key,
                value: entry.value,
            });
        }
    }
    (settings, node.span)
}
