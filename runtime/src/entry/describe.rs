//! `NAME describe`: describes a binary without running it.
//!
//! Enters: the tables of the pipeline. Leaves: one JSON object. Must not know runs.

use fmc_expr::Value;

use crate::{
    base::object::object,
    plan::{PipelinePlan, StagePlan},
    run::store::StageIndex,
};

/// The description of a pipeline.
pub(crate) fn describe(pipeline: &PipelinePlan) -> Value {
    let texts =
        |texts: &[&'static str]| Value::list(texts.iter().map(|text| Value::from(*text)).collect());
    let schema = pipeline
        .input_schema
        .and_then(|text| Value::from_json(text.as_bytes()).ok());
    let env = pipeline.env.iter().map(|variable| {
        object([
            ("name", Value::from(variable.name)),
            ("required", Value::Bool(variable.required)),
            ("secret", Value::Bool(variable.secret)),
        ])
    });
    let stages = pipeline
        .stages
        .iter()
        .map(|stage| describe_stage(pipeline, stage));
    object([
        ("id", Value::from(pipeline.id)),
        ("name", Value::from(pipeline.name)),
        ("version", Value::from(pipeline.version)),
        ("hash", Value::from(pipeline.hash)),
        ("compiler", Value::from(pipeline.compiler)),
        ("stages", Value::list(stages.collect())),
        (
            "output",
            pipeline
                .output
                .map_or(Value::Null, |stage| id(pipeline, stage)),
        ),
        ("env", Value::list(env.collect())),
        ("hosts", texts(pipeline.hosts)),
        ("input_schema", schema.unwrap_or_default()),
    ])
}

fn describe_stage(pipeline: &PipelinePlan, stage: &StagePlan) -> Value {
    let ids = |stages: &mut dyn Iterator<Item = StageIndex>| {
        Value::list(stages.map(|stage| id(pipeline, stage)).collect())
    };
    object([
        ("id", Value::from(stage.id)),
        ("component", Value::from(stage.kind.component())),
        (
            "depends_on",
            ids(&mut stage.depends_on.iter().map(|dependency| dependency.stage)),
        ),
        ("owners", ids(&mut stage.owners.iter().copied())),
    ])
}

fn id(pipeline: &PipelinePlan, stage: StageIndex) -> Value {
    let stage = pipeline.stages.get(stage as usize);
    stage.map_or(Value::Null, |stage| Value::from(stage.id))
}
