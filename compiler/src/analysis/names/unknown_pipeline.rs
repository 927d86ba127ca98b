//! FMC0311: parents and sub-pipelines that the project does not have.
//!
//! Enters: a model, and the ids of the project's pipelines when they are known. Leaves: a finding
//! for an id that no pipeline has, and a note that inheritance cannot be built yet, so that the
//! author knows what was not checked. Must not know where pipelines are stored.

use std::collections::HashSet;

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found, Severity, suggest::Searches},
    model::Model,
    source::Span,
};

pub(in crate::analysis) fn run(subject: Subject<'_>, found: &mut Found) {
    let Subject { model, pipelines } = subject;
    found.extend(not_understood(model));
    let Some(known) = pipelines else { return };
    // A pipeline that names itself has another finding (FMC0604).
    let own = &model.ast.id.value;
    let all: HashSet<&str> = known.iter().map(String::as_str).collect();
    let unknown = |id: &str| id != own && !all.contains(id);
    let others = known.iter().map(String::as_str).filter(|id| id != own);
    let others: Vec<&str> = others.collect();
    let mut searches = Searches::default();
    for (id, place) in model.subpipelines().filter(|(id, _)| unknown(id)) {
        let near = searches.nearest(id, others.iter().copied());
        found.push(finding((id, place), near, &others, ""));
    }
    if let Some((id, place)) = model.parent().filter(|(id, _)| unknown(id)) {
        let whole = model.ast.extends.as_ref().map_or("", |whole| &whole.value);
        let version = whole.strip_prefix(id).unwrap_or_default();
        let near = searches.nearest(id, others.iter().copied());
        found.push(finding((id, place), near, &others, version));
    }
}

fn finding(
    (id, place): (&str, Span),
    near: Option<&str>,
    known: &[&str],
    version: &str,
) -> Diagnostic {
    let message = format!("no pipeline of the project has the id `{id}`");
    let finding =
        Diagnostic::new(Code::UnknownPipeline, place, message).label("not the id of a pipeline");
    // The fix replaces all of `extends`, so it keeps the version: `bsae@2` becomes `base@2`.
    let whole = near.map(|near| format!("{near}{version}"));
    finding.guessed(whole.as_deref(), [place], |finding| {
        finding.known("the pipelines are", known.iter().copied())
    })
}

/// One note for each file, at the first key about inheritance.
fn not_understood(model: &Model) -> Option<Diagnostic> {
    const KEYS: [&str; 3] = ["extends", "overrides", "compositions"];
    let keys = model.ast.inheritance.iter().map(|(key, _)| key);
    let mut keys = keys.filter(|key| KEYS.contains(&&*key.text));
    let first = keys.next()?;
    let message = format!("`{}` (inheritance) cannot be built yet", first.text);
    let mut note = Diagnostic::new(Code::NotBuildable, first.inner(), message)
        .help("references to inherited stages, inputs and variables are not checked");
    note.severity = Severity::Note;
    for key in keys {
        note = note.related(key.inner(), "nor can this");
    }
    Some(note)
}
