//! The pipeline object.
//!
//! Enters: the tree of a file. Leaves: a [`WrittenPipeline`], or `None` when the file holds
//! something else, and findings about shape. Must not know components.

use std::collections::HashMap;

use super::{
    Spanned, WrittenPipeline, WrittenStage, allow, fragment,
    read::{self, KeyTable, Object, aliased, field},
    stage,
};
use crate::{
    diagnostics::{Code, Diagnostic, Found, suggest, suppress::Allow},
    source::{FileId, Span},
    syntax::tree::{Entry, Node, NodeKind},
    trust::Trust,
};

const SHAPE: KeyTable = KeyTable {
    what: "a pipeline",
    noun: "key",
    unknown: Code::UnknownKey,
    required: &["name", "stages"],
    fields: &[
        field("id"),
        field("name"),
        field("version"),
        field("description"),
        field("stages"),
        field("input_schema"),
        field("output_schema"),
        field("output_stage_id"),
        aliased("sample_input", &["example_input"]),
        field("tags"),
        field("category"),
        field("metadata"),
        field("extends"),
        field("abstract"),
        field("overrides"),
        field("compositions"),
        // The FlowMason editor and gallery write these; they are ignored here.
        field("difficulty"),
        field("use_cases"),
        field("position"),
        field("author"),
        field("created_at"),
        field("updated_at"),
        field("$schema"),
        field(allow::KEY),
    ],
};

/// Keys about inheritance. They are kept as written.
const INHERITANCE: &[&str] = &["extends", "abstract", "overrides", "compositions"];

/// The keys that bring in stages from other files.
pub(super) const FOREIGN: &[&str] = &["extends", "compositions"];

/// The id of the pipeline in a tree, the same as [`lower`] gives it. `None` when there is no
/// pipeline.
#[must_use]
pub fn id_of(tree: &Node, stem: &str) -> Option<String> {
    let NodeKind::Object(entries) = &tree.kind else {
        return None;
    };
    // `lower` reports these findings; here only the id is wanted.
    let mut unheard = Found::default();
    let object = Object::read(&SHAPE, entries, &mut unheard);
    fragment::is_pipeline(tree).then(|| id(&object, tree.span, stem, &mut unheard).value)
}

/// Reads the tree of a file. `stem` is the file name without extension, which is the id of a
/// pipeline that gives none. `None` when the file holds no pipeline, which has a finding.
#[must_use]
pub fn lower(tree: &Node, file: FileId, stem: &str) -> (Option<WrittenPipeline>, Found) {
    let mut findings = Found::default();
    if let Some(found) = fragment::find(tree, stem) {
        return (None, vec![found].into());
    }
    let NodeKind::Object(entries) = &tree.kind else {
        return (None, findings);
    };
    if is_something_else(entries) {
        let message = "a pipeline has `name` and `stages`, and this object has neither";
        let place = read::opening(tree.span);
        let found = Diagnostic::new(Code::MissingField, place, message)
            .help("a pipeline is `{\"name\": \"…\", \"stages\": [ … ]}`");
        return (None, vec![found].into());
    }
    let pipeline = pipeline(tree.span, entries, file, stem, &mut findings);
    (Some(pipeline), findings)
}

/// Whether no key is a key of pipelines, or is near to one that pipelines must have.
fn is_something_else(entries: &[Entry]) -> bool {
    entries.iter().all(|entry| {
        let key = &*entry.key.text;
        let near = suggest::nearest(key, SHAPE.required.iter().copied());
        near.is_none() && !SHAPE.fields.iter().any(|field| field.is(key))
    })
}

fn pipeline(
    span: Span,
    entries: &[Entry],
    file: FileId,
    stem: &str,
    findings: &mut Found,
) -> WrittenPipeline {
    let object = Object::read(&SHAPE, entries, findings);
    let mut allows = Vec::new();
    let whole_file = Span {
        file,
        // Findings outside the object, such as FMC0115, can be allowed too.
        start: 0,
        end: u32::MAX,
    };
    allow::of_object(whole_file, object.entry(allow::KEY), &mut allows, findings);
    let text = |name: &str, findings: &mut Found| read::string(name, object.value(name)?, findings);
    required(&object, span, findings);
    if let Some(tags) = object.value("tags") {
        read::strings("tags", tags, findings);
    }
    let mut foreign = FOREIGN.iter().filter_map(|key| object.entry(key));
    let inherits = foreign
        .next()
        .map_or(Trust::Sound, |entry| Trust::Lost(entry.key.inner()));
    let (stages, stage_ids) = stages(
        object.value("stages"),
        inherits.is_lost(),
        &mut allows,
        findings,
    );
    let stage_ids = stage_ids
        .unwrap_or(Trust::Lost(read::opening(span)))
        .and(inherits);
    WrittenPipeline {
        file,
        span,
        id: id(&object, span, stem, findings),
        name: text("name", findings),
        version: version(&object, findings),
        description: text("description", findings),
        input_schema: schema(&object, "input_schema", findings),
        output_schema: schema(&object, "output_schema", findings),
        output_stage_id: object
            .value("output_stage_id")
            .and_then(|node| read::literal("output_stage_id", node, findings)),
        sample_input: object.value("sample_input").cloned(),
        extends: object
            .value("extends")
            .and_then(|node| read::literal("extends", node, findings)),
        inheritance: INHERITANCE
            .iter()
            .filter_map(|name| object.entry(name))
            .map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect(),
        stages,
        stage_ids,
        allows,
    }
}

/// Reports the fields that a pipeline must have and this one lacks.
fn required(object: &Object<'_>, span: Span, findings: &mut Found) {
    for name in SHAPE.required {
        if object.entry(name).is_none() {
            let message = format!("the pipeline has no `{name}`");
            let place = read::opening(span);
            findings.push(Diagnostic::new(Code::MissingField, place, message));
        }
    }
}

fn id(object: &Object<'_>, span: Span, stem: &str, findings: &mut Found) -> Spanned<String> {
    let written = object
        .value("id")
        .and_then(|node| read::literal("id", node, findings));
    if let Some(id) = written {
        stage::check_id("a pipeline id", &id, findings);
        return id;
    }
    let value = match stage::sanitise(stem) {
        empty if empty.is_empty() => "pipeline".to_owned(),
        id => id,
    };
    // The file name is in no text, so the span is empty.
    let end = span.start;
    Spanned {
        value,
        span: Span { end, ..span },
    }
}

/// Reads the stages, and whether the ids of all of them are known. `None` when there is no list.
fn stages(
    node: Option<&Node>,
    inherits: bool,
    allows: &mut Vec<Allow>,
    findings: &mut Found,
) -> (Vec<WrittenStage>, Option<Trust>) {
    let Some(node) = node else {
        return (Vec::new(), None);
    };
    let NodeKind::Array(items) = &node.kind else {
        read::wrong_type("stages", "a list of stages", node, findings);
        return (Vec::new(), None);
    };
    // A pipeline that inherits may have all its stages from its parent.
    if items.is_empty() && !inherits {
        let message = "a pipeline must have at least one stage";
        findings.push(Diagnostic::new(Code::NoStages, node.span, message));
    }
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut stages = Vec::with_capacity(items.len());
    let mut ids = Trust::Sound;
    for item in items {
        let Some(stage) = stage::read(item, allows, findings) else {
            ids = ids.and(Trust::Lost(item.span));
            continue;
        };
        if let Some(&first) = seen.get(&stage.id.value) {
            let message = format!("another stage has the id `{}` already", stage.id.value);
            findings.push(
                Diagnostic::new(Code::DuplicateStage, stage.id.span, message)
                    .related(first, "first here"),
            );
            continue;
        }
        seen.insert(stage.id.value.clone(), stage.id.span);
        stages.push(stage);
    }
    (stages, Some(ids))
}

fn schema(object: &Object<'_>, name: &str, findings: &mut Found) -> Option<Node> {
    let node = object.value(name)?;
    if matches!(node.kind, NodeKind::Object(_) | NodeKind::Bool(_)) {
        return Some(node.clone());
    }
    read::wrong_type(name, "a JSON Schema", node, findings);
    None
}

fn version(object: &Object<'_>, findings: &mut Found) -> Option<Spanned<String>> {
    let version = read::literal("version", object.value("version")?, findings)?;
    if is_semver(&version.value) {
        return Some(version);
    }
    let found = Diagnostic::new(
        Code::WrongValue,
        version.span,
        format!("`{}` is not a semantic version", version.value),
    )
    .help("a semantic version is three numbers, as in `1.0.0`");
    // `v1.2` and `1` are common; the missing zeros can only be meant like this.
    let bare = version.value.trim_start_matches('v');
    let fixed = ["", ".0", ".0.0"]
        .iter()
        .map(|zeros| format!("{bare}{zeros}"))
        .find(|candidate| is_semver(candidate));
    findings.push(match fixed {
        Some(fixed) => found.fix(format!("write `{fixed}`"), true, version.span, fixed),
        None => found,
    });
    Some(version)
}

/// Whether a text is `MAJOR.MINOR.PATCH`, perhaps followed by `-pre.release` and `+build`.
fn is_semver(text: &str) -> bool {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (core, pre) = match text.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (text, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| digits(part) && (part == "0" || !part.starts_with('0'));
    let identifier = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|pre| {
            pre.split('.')
                .all(|part| identifier(part) && (!digits(part) || number(part)))
        })
        && build.is_none_or(|build| build.split('.').all(identifier))
}

#[cfg(test)]
mod tests {
    use super::is_semver;

    #[test]
    fn knows_semantic_versions() {
        for good in [
            "0.0.0",
            "1.2.3",
            "1.0.0-alpha.1",
            "1.0.0-0a",
            "1.0.0+20130313",
            "1.0.0-x+y",
        ] {
            assert!(is_semver(good), "{good}");
        }
        for bad in [
            "", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0+", "1.0.x", "1.0.0.0",
        ] {
            assert!(!is_semver(bad), "{bad}");
        }
    }
}
