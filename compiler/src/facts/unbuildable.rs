//! What this version checks but cannot build.
//!
//! Enters: the pipeline as written, and its stages. Leaves: a description and a span of each such
//! thing, for FMC0901. Must not report anything.

use crate::{
    ast,
    ir::Stage,
    schema::keywords,
    source::Span,
    syntax::tree::{JsonString, Node, NodeKind},
};

/// A description of each thing, with its span.
pub(super) fn of(ast: &ast::WrittenPipeline, stages: &[Stage]) -> Vec<(String, Span)> {
    let concrete = |key: &JsonString, value: &Node| {
        &*key.text == "abstract" && matches!(value.kind, NodeKind::Bool(false))
    };
    let inherited = ast.inheritance.iter();
    let mut out: Vec<(String, Span)> = inherited
        .filter(|(key, value)| !concrete(key, value))
        .map(|(key, _)| (format!("`{}` (inheritance)", key.text), key.inner()))
        .collect();
    let schemas = [&ast.input_schema, &ast.output_schema];
    out.extend(schemas.into_iter().flatten().flat_map(keywords::unknown));
    for (stage, written) in stages.iter().zip(&ast.stages) {
        if let (Some(component), Some(name)) = (stage.component, &written.component)
            && !component.is_buildable()
        {
            out.push((format!("the component `{}`", component.name), name.span));
        }
        if let Some(setting) = stage.setting("jmespath_expression") {
            let what = "`jmespath_expression` of `json-transform`".to_owned();
            out.push((what, setting.key));
        }
    }
    out
}
