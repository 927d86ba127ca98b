//! The static tables: stages, pipeline, environment.
//!
//! Enters: stages and the names of their functions. Leaves: struct literals of `plan`.

use super::{
    layout::Code,
    literal,
    paths::{self, Imports},
};
use crate::{
    ast::OnError,
    catalogue::{Control, Runs},
    ir::{OwnedList, Role, Stage, StageId, config::ConfigKind},
    model::Model,
};

/// The functions of one stage.
pub(super) struct Functions {
    /// Renders the settings.
    pub(super) config: String,
    /// Deferred settings: name, function, and whether a string is evaluated at run time.
    pub(super) deferred: Vec<(&'static str, String, bool)>,
    /// Renders the fallback output.
    pub(super) fallback: Option<String>,
}

/// The table entry of a stage; none where this version has nothing that runs its component.
pub(super) fn stage(
    model: &Model,
    stage: &Stage,
    names: &Functions,
    imports: &mut Imports,
) -> Option<Code> {
    let kind = kind(stage, imports)?;
    let owners = model.graph.owners(stage.id).iter().copied();
    Some(Code::Struct(
        imports.name(paths::STAGE),
        vec![
            ("id", text(&stage.name.value)),
            ("kind", kind),
            ("config", Code::atom(&names.config)),
            ("deferred", deferred(names, imports)),
            ("depends_on", dependencies(model, stage, imports)),
            ("owners", indices(owners)),
            (
                "loop_stage",
                option(model.graph.loop_of(stage.id).map(index)),
            ),
            ("enabled", Code::atom(stage.enabled.to_string())),
            (
                "timeout_ms",
                option(stage.timeout_ms.map(|limit| Code::atom(limit.to_string()))),
            ),
            ("on_error", on_error(stage, imports)),
            ("fallback", option(names.fallback.as_ref().map(Code::atom))),
            (
                "status_observed",
                Code::atom(model.facts.is_observed(stage.id).to_string()),
            ),
        ],
    ))
}

fn deferred(names: &Functions, imports: &mut Imports) -> Code {
    let entries = names
        .deferred
        .iter()
        .map(|(name, function, dynamic)| {
            let how = imports.name(paths::DEFERRED);
            let how = if *dynamic {
                let evaluate = imports.name(paths::DYNAMIC);
                let fields = vec![
                    ("text", Code::atom(function)),
                    ("evaluate", Code::atom(format!("{evaluate}::evaluate"))),
                ];
                Code::Struct("Deferred::Dynamic", fields)
            } else {
                Code::call(format!("{how}::Render"), vec![Code::atom(function)])
            };
            Code::tuple(vec![text(name), how])
        })
        .collect();
    Code::Array("&", entries)
}

fn dependencies(model: &Model, stage: &Stage, imports: &mut Imports) -> Code {
    let entries = stage
        .depends_on
        .iter()
        .map(|dependency| {
            let conditional = model.graph.is_conditional(dependency.stage);
            let fields = vec![
                ("stage", index(dependency.stage)),
                ("conditional", Code::atom(conditional.to_string())),
            ];
            Code::Struct(imports.name(paths::DEPENDENCY), fields)
        })
        .collect();
    Code::Array("&", entries)
}

/// What runs a stage; none where this version has nothing that could, which is an error before.
fn kind(stage: &Stage, imports: &mut Imports) -> Option<Code> {
    let component = stage.component?;
    let kind = imports.name(paths::KIND);
    let list = |role: &Role| indices(members(stage, role));
    let control = match component.runs {
        Runs::Leaf { item, .. } => {
            let module = imports.name(paths::COMPONENT);
            let component = Code::atom(format!("&{module}::{item}"));
            return Some(Code::call(format!("{kind}::Leaf"), vec![component]));
        }
        Runs::Control(control) => control,
        Runs::NotYet => return None,
    };
    let (variant, fields) = match control {
        Control::Router => (
            "Kind::Router",
            vec![
                ("routes", Code::Array("&", routes(&stage.owned))),
                ("default", default_route(&stage.owned)),
            ],
        ),
        Control::Conditional => (
            "Kind::Conditional",
            vec![
                ("on_true", list(&Role::True)),
                ("on_false", list(&Role::False)),
            ],
        ),
        Control::TryCatch => (
            "Kind::TryCatch",
            vec![
                ("body", list(&Role::Try)),
                ("catch", list(&Role::Catch)),
                ("finally", list(&Role::Finally)),
            ],
        ),
        Control::Foreach => (
            "Kind::Foreach",
            vec![
                ("body", list(&Role::Body)),
                (
                    "item",
                    text(setting(stage, "item_variable").unwrap_or("item")),
                ),
                (
                    "index",
                    text(setting(stage, "index_variable").unwrap_or("index")),
                ),
            ],
        ),
        Control::Return => return Some(Code::atom(format!("{kind}::Return"))),
    };
    Some(Code::Struct(variant, fields))
}

fn members<'s>(stage: &'s Stage, role: &Role) -> impl Iterator<Item = StageId> + 's {
    let list = stage.owned.iter().find(|list| list.role == *role);
    list.into_iter()
        .flat_map(|list| list.stages.iter().map(|(id, _)| *id))
}

fn routes(owned: &[OwnedList]) -> Vec<Code> {
    owned
        .iter()
        .filter_map(|list| match &list.role {
            Role::Route(key) => {
                let stages = list.stages.iter().map(|(id, _)| *id);
                Some(Code::tuple(vec![text(key), indices(stages)]))
            }
            _ => None,
        })
        .collect()
}

fn default_route(owned: &[OwnedList]) -> Code {
    let list = owned.iter().find(|list| list.role == Role::DefaultRoute);
    option(list.map(|list| indices(list.stages.iter().map(|(id, _)| *id))))
}

fn setting<'s>(stage: &'s Stage, name: &str) -> Option<&'s str> {
    match &stage.setting(name)?.value.kind {
        ConfigKind::Text(text) => Some(text),
        _ => None,
    }
}

fn on_error(stage: &Stage, imports: &mut Imports) -> Code {
    let name = imports.name(paths::ON_ERROR);
    let handling = &stage.error_handling;
    match handling.on_error.as_ref().map(|on_error| on_error.value) {
        None | Some(OnError::Fail) => Code::atom(format!("{name}::Fail")),
        Some(OnError::Continue) => Code::atom(format!("{name}::Continue")),
        Some(OnError::Retry) => {
            let retries = handling
                .max_retries
                .as_ref()
                .map_or(DEFAULT_RETRIES, |set| set.value);
            let delay = handling
                .retry_delay
                .as_ref()
                .map_or(DEFAULT_DELAY_MS, |set| set.value);
            let multiplier = handling
                .backoff_multiplier
                .as_ref()
                .map_or(1.0, |set| set.value);
            let max = handling
                .max_delay
                .as_ref()
                .map(|set| Code::atom(set.value.to_string()));
            let fields = vec![
                ("max_retries", Code::atom(retries.to_string())),
                ("delay_ms", Code::atom(delay.to_string())),
                ("multiplier", Code::atom(literal::float(multiplier))),
                ("max_delay_ms", option(max)),
            ];
            Code::Struct("OnError::Retry", fields)
        }
    }
}

/// `max_retries` of `on_error: retry` where it is not written.
const DEFAULT_RETRIES: u32 = 3;
/// `retry_delay` in milliseconds where it is not written.
const DEFAULT_DELAY_MS: u64 = 1000;

/// What the pipeline table says that is not in the IR.
pub(super) struct Facts {
    /// SHA-256 of the text, in hexadecimal.
    pub(super) hash: String,
    /// The compiler's version.
    pub(super) compiler: &'static str,
    /// `input_schema` as JSON.
    pub(super) input_schema: Option<String>,
    /// `output_schema` as JSON.
    pub(super) output_schema: Option<String>,
    /// `sample_input` as JSON.
    pub(super) sample_input: Option<String>,
    /// `[http] allow-hosts` of the project.
    pub(super) allow_hosts: Option<Vec<String>>,
}

/// The pipeline's table.
pub(super) fn pipeline(model: &Model, facts: &Facts, imports: &mut Imports) -> Code {
    let env = model.facts.env.iter().map(|variable| {
        let fields = vec![
            ("name", text(&variable.name)),
            ("required", Code::atom(variable.required.to_string())),
            ("secret", Code::atom(variable.secret.to_string())),
        ];
        Code::Struct(imports.name(paths::ENV_VAR), fields)
    });
    let env = Code::Array("&", env.collect());
    let hosts = Code::Array(
        "&",
        model.facts.hosts.iter().map(|host| text(host)).collect(),
    );
    let allow_hosts = facts.allow_hosts.as_ref().map(|hosts| {
        let hosts = hosts.iter().map(|host| text(host));
        Code::Array("&", hosts.collect())
    });
    let written = |field: &Option<crate::ast::Spanned<String>>| {
        text(field.as_ref().map_or("", |field| &field.value))
    };
    let json = |field: &Option<String>| option(field.as_ref().map(|json| text(json)));
    Code::Struct(
        imports.name(paths::PIPELINE),
        vec![
            ("id", text(&model.ast.id.value)),
            ("name", written(&model.ast.name)),
            ("version", written(&model.ast.version)),
            ("hash", text(&facts.hash)),
            ("compiler", text(facts.compiler)),
            ("stages", Code::atom("&STAGES")),
            ("output", option(model.output.map(index))),
            ("env", env),
            ("hosts", hosts),
            ("input_schema", json(&facts.input_schema)),
            ("output_schema", json(&facts.output_schema)),
            ("sample_input", json(&facts.sample_input)),
            ("allow_hosts", option(allow_hosts)),
        ],
    )
}

fn text(text: &str) -> Code {
    Code::atom(literal::string(text))
}

fn index(stage: StageId) -> Code {
    Code::atom(stage.0.to_string())
}

fn indices(stages: impl Iterator<Item = StageId>) -> Code {
    Code::Array("&", stages.map(index).collect())
}

fn option(value: Option<Code>) -> Code {
    match value {
        Some(value) => Code::call("Some", vec![value]),
        None => Code::atom("None"),
    }
}
