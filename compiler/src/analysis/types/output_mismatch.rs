//! FMC0506: an output that cannot match `output_schema`.
//!
//! Enters: the model. Leaves: one finding when no value of the output's type fits the schema.
//! Nothing is reported when some value fits. Must not know how the types were inferred.

use fmc_expr::builtins::Kinds;

use crate::{
    analysis::Subject,
    diagnostics::{Code, Diagnostic, Found},
    schema::strict_type_of,
    types::{ObjectType, Type},
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    let Some(schema) = &model.ast.output_schema else {
        return;
    };
    let Some(stage) = model.output.and_then(|output| model.stage(output)) else {
        return;
    };
    let Some(conflict) = conflict(&strict_type_of(schema), &stage.output, "") else {
        return;
    };
    found.push(
        Diagnostic::new(Code::OutputMismatch, stage.name.span, conflict.message())
            .label("the output of this stage is the output of the run")
            .related(schema.span, "`output_schema`"),
    );
}

/// Why an output never fits: at which path, and what is wrong there.
struct Conflict {
    path: String,
    problem: Problem,
}

enum Problem {
    /// The expected type and the given type.
    Type(Type, Type),
    /// A required property is missing.
    Missing,
    /// The schema does not allow a property that is there.
    Refused,
}

impl Conflict {
    fn message(&self) -> String {
        let path = &self.path;
        match &self.problem {
            Problem::Type(expected, given) => {
                let what = match path.as_str() {
                    "" => "the output".to_owned(),
                    path => format!("`{path}` of the output"),
                };
                format!("{what} is `{given}`, but `output_schema` wants `{expected}`")
            }
            Problem::Missing => {
                format!("the output has no `{path}`, which `output_schema` requires")
            }
            Problem::Refused => {
                format!("the output has `{path}`, but `output_schema` allows no further properties")
            }
        }
    }
}

/// Why no value of one type fits the other; `None` when some value may. With several alternatives,
/// each of them must fail.
fn conflict(schema: &Type, output: &Type, path: &str) -> Option<Conflict> {
    if schema.is_loose() || output.is_loose() {
        return None;
    }
    let mut conflicts = Vec::new();
    for given in output.alternatives() {
        for wanted in schema.alternatives() {
            conflicts.push(one(wanted, given, path)?);
        }
    }
    // With one alternative on each side, say exactly what is wrong inside it; with several, only
    // that the types do not fit.
    match conflicts.pop() {
        Some(only) if conflicts.is_empty() => Some(only),
        _ => Some(Conflict {
            path: path.to_owned(),
            problem: Problem::Type(schema.clone(), output.clone()),
        }),
    }
}

fn one(schema: &Type, output: &Type, path: &str) -> Option<Conflict> {
    let problem = || Conflict {
        path: path.to_owned(),
        problem: Problem::Type(schema.clone(), output.clone()),
    };
    match (schema, output) {
        (Type::Object(wanted), Type::Object(given)) => objects(wanted, given, path),
        (Type::Str(Some(wanted)), Type::Str(Some(given))) => {
            let shared = given.iter().any(|text| wanted.binary_search(text).is_ok());
            (!shared).then(problem)
        }
        _ => (!class(schema).overlaps(class(output))).then(problem),
    }
}

/// To JSON Schema, a float without a fraction is an integer.
fn class(ty: &Type) -> Kinds {
    if matches!(ty, Type::Int | Type::Float) {
        Kinds::INT.or(Kinds::FLOAT)
    } else {
        ty.kinds()
    }
}

fn objects(wanted: &ObjectType, given: &ObjectType, path: &str) -> Option<Conflict> {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    let of_wanted = wanted.fields.iter().find_map(|(name, field)| {
        let path = below(name);
        match given.fields.get(name) {
            // When both sides may leave the field out, a value without it fits.
            Some(found) if found.optional && field.optional => None,
            Some(found) => conflict(&field.ty, &found.ty, &path),
            None if !field.optional && given.rest.is_none() => Some(Conflict {
                path,
                problem: Problem::Missing,
            }),
            None => None,
        }
    });
    let mut further = given.fields.iter();
    of_wanted.or_else(|| {
        further.find_map(|(name, field)| {
            if field.optional || wanted.fields.contains_key(name) {
                return None;
            }
            match &wanted.rest {
                Some(rest) => conflict(rest, &field.ty, &below(name)),
                None => Some(Conflict {
                    path: below(name),
                    problem: Problem::Refused,
                }),
            }
        })
    })
}
