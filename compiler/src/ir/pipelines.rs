//! Other pipelines that a file names: parents and sub-pipelines.
//!
//! Enters: an IR, and the ids of the project's pipelines where they are known. Leaves: FMC0311
//! for an id that none has, and a note that inheritance is not understood yet, so that what a
//! file inherits is not checked unnoticed. Must not know where pipelines stand.

use super::{Ir, expr::NodeKind};
use crate::{
    ast::Spanned,
    catalogue::Kind,
    diagnostics::{Code, Diagnostic, Severity, suggest},
    source::Span,
};

impl Ir {
    /// The pipelines that stages run as sub-pipelines, with the places of their ids.
    pub fn subpipelines(&self) -> impl Iterator<Item = (&str, Span)> {
        self.stages.iter().filter_map(|stage| {
            let mut fields = stage.component?.fields.iter();
            let names = fields.find(|field| field.kind == Kind::PipelineId)?;
            let value = &stage.setting(names.name)?.value;
            match &value.kind {
                // A template where none is taken has a finding of its own.
                NodeKind::Text(id) if !id.contains("{{") => Some((&**id, value.span)),
                _ => None,
            }
        })
    }

    /// The id of the parent without its version, with the place of the whole.
    #[must_use]
    pub fn parent(&self) -> Option<(&str, Span)> {
        let Spanned { value, span } = self.ast.extends.as_ref()?;
        let id = value.split_once('@').map_or(&**value, |(id, _)| id);
        Some((id, *span))
    }
}

/// Judges the ids of other pipelines; `known` are those of the project, none where nobody knows.
#[must_use]
pub fn check(ir: &Ir, known: Option<&[String]>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = not_understood(ir).into_iter().collect();
    let Some(known) = known else { return found };
    // A pipeline that names itself is another mistake, with a finding of its own.
    let own = &ir.ast.id.value;
    let unknown = |id: &str| id != own && known.iter().all(|known| known != id);
    let others = known.iter().map(String::as_str).filter(|id| id != own);
    let others: Vec<&str> = others.collect();
    for (id, place) in ir.subpipelines().filter(|(id, _)| unknown(id)) {
        found.push(finding(id, place, &others, ""));
    }
    if let Some((id, place)) = ir.parent().filter(|(id, _)| unknown(id)) {
        let whole = ir.ast.extends.as_ref().map_or("", |whole| &whole.value);
        let version = whole.strip_prefix(id).unwrap_or_default();
        found.push(finding(id, place, &others, version));
    }
    found
}

fn finding(id: &str, place: Span, known: &[&str], version: &str) -> Diagnostic {
    let message = format!("no pipeline of the project has the id `{id}`");
    let finding =
        Diagnostic::new(Code::UnknownPipeline, place, message).label("not the id of a pipeline");
    let names = known.iter().copied();
    match suggest::nearest(id, names.clone()) {
        Some(near) => finding.help(format!("the nearest id is `{near}`")).fix(
            format!("replace it by `{near}`"),
            false,
            place,
            format!("{near}{version}"),
        ),
        None if known.is_empty() => finding,
        None => finding.help(format!("the pipelines are {}", suggest::list(names))),
    }
}

/// One note a file, at the first key that brings or changes what stands elsewhere.
fn not_understood(ir: &Ir) -> Option<Diagnostic> {
    const KEYS: [&str; 3] = ["extends", "overrides", "compositions"];
    let keys = ir.ast.inheritance.iter().map(|(key, _)| key);
    let mut keys = keys.filter(|key| KEYS.contains(&&*key.text));
    let first = keys.next()?;
    let message = format!("`{}` (inheritance) cannot be built yet", first.text);
    let mut note = Diagnostic::new(Code::NotBuildable, first.inner(), message)
        .help("what refers to inherited stages, inputs and variables is not checked");
    note.severity = Severity::Note;
    for key in keys {
        note = note.related(key.inner(), "nor can this");
    }
    Some(note)
}
