//! FMC0506: an output that cannot match `output_schema`.
//!
//! Enters: the IR. Leaves: one finding where the output's type and the schema's share nothing.

use crate::{
    diagnostics::{Code, Diagnostic},
    ir::{Ir, schema_type, types::Type},
};

pub(in crate::analysis) fn run(ir: &Ir, found: &mut Vec<Diagnostic>) {
    let Some(schema) = &ir.ast.output_schema else {
        return;
    };
    let Some(stage) = ir.output.and_then(|output| ir.stage(output)) else {
        return;
    };
    let Some((path, expected, given)) =
        conflict(&schema_type(schema), &stage.output, String::new())
    else {
        return;
    };
    let what = if path.is_empty() {
        "the output".to_owned()
    } else {
        format!("`{}` of the output", path.trim_start_matches('.'))
    };
    let message = format!("{what} is `{given}`, and `output_schema` wants `{expected}`");
    found.push(
        Diagnostic::new(Code::OutputMismatch, stage.name.span, message)
            .label("the stage whose output is the run's")
            .related(schema.span, "`output_schema`"),
    );
}

/// Where two types share no value: path, expected, given.
fn conflict(schema: &Type, output: &Type, path: String) -> Option<(String, Type, Type)> {
    if schema.is_loose() || output.is_loose() {
        return None;
    }
    let numbers = |ty: &Type| ty.kinds();
    if !numbers(schema).overlaps(numbers(output)) {
        return Some((path, schema.clone(), output.clone()));
    }
    let (Type::Object(wanted), Type::Object(given)) = (schema, output) else {
        return None;
    };
    wanted.fields.iter().find_map(|(name, field)| {
        let below = format!("{path}.{name}");
        match given.fields.get(name) {
            Some(found) => conflict(&field.ty, &found.ty, below),
            None if !field.optional && given.rest.is_none() => {
                Some((below, field.ty.clone(), Type::Null))
            }
            None => None,
        }
    })
}
