//! FMC0415: what a stage sets outside `config` although it does nothing.
//!
//! Enters: a stage as written, and its component. Leaves: a warning at each thing that could be
//! left out. Must not know the graph.

use std::collections::HashMap;

use crate::{
    analysis::Subject,
    ast::{OnError, WrittenStage},
    catalogue::Component,
    diagnostics::{Code, Diagnostic, Found},
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for (stage, written) in model.stages.iter().zip(&model.ast.stages) {
        report(written, stage.component, found);
    }
}

fn report(stage: &WrittenStage, component: Option<&Component>, found: &mut Found) {
    if let Some(component) = component.filter(|component| !component.model) {
        model_settings(stage, component, found);
    }
    let handling = &stage.error_handling;
    let on_error = handling.on_error.as_ref().map(|on_error| on_error.value);
    if let (Some(fallback), false) = (&stage.fallback_output, on_error == Some(OnError::Continue)) {
        found.push(warning(
            fallback.span,
            "`fallback_output` has no effect without `on_error` `continue`",
        ));
    }
    if let (Some(retries), None | Some(OnError::Fail)) = (&handling.max_retries, on_error)
        // `max_retries: 0` says that nothing is retried, which is true, so it is not reported.
        && retries.value > 0
    {
        found.push(warning(
            retries.span,
            "`max_retries` has no effect without `on_error` `retry`",
        ));
    }
    doubled(stage, found);
}

fn warning(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::NoEffect, span, message)
}

fn model_settings(stage: &WrittenStage, component: &Component, found: &mut Found) {
    let settings = [
        ("provider", &stage.provider),
        ("model", &stage.model),
        ("llm_settings", &stage.llm_settings),
    ];
    for (name, node) in settings {
        if let Some(node) = node {
            let message = format!("`{name}` has no effect on a `{}`", component.name);
            let finding = warning(node.span, message);
            found.push(finding.help("only stages that ask a model read it"));
        }
    }
}

fn doubled(stage: &WrittenStage, found: &mut Found) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for entry in &stage.depends_on {
        match seen.get(&*entry.value) {
            None => {
                seen.insert(&entry.value, entry.span);
            }
            Some(first) => {
                let message = format!("`depends_on` names `{}` already", entry.value);
                found.push(warning(entry.span, message).related(*first, "first here"));
            }
        }
    }
}
