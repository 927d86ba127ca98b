//! The static tables: stages, pipeline, environment.
//!
//! Enters: stages and the names of their functions. Leaves: struct literals of `plan`.

use super::{
    paths::{self, Imports},
    rust::{Code, Literal, Name},
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
    pub(super) config: Name,
    /// Deferred settings: name, function, and whether a string is evaluated at run time.
    pub(super) deferred: Vec<(&'static str, Name, bool)>,
    /// Renders the fallback output.
    pub(super) fallback: Option<Name>,
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
    let inner = model.graph.loop_of(stage.id);
    let observed = model.facts.is_observed(stage.id);
    Some(Code::Struct(
        Name::new(imports.name(paths::STAGE)),
        vec![
            ("id", Code::text(&stage.name.value)),
            ("kind", kind),
            ("config", Code::Name(names.config.clone())),
            ("deferred", deferred(names, imports)),
            ("depends_on", dependencies(model, stage, imports)),
            ("owners", indices(owners)),
            ("loop_stage", Code::option(inner.map(index))),
            ("enabled", Code::bool(stage.enabled)),
            (
                "timeout_ms",
                Code::option(stage.timeout_ms.map(Code::count)),
            ),
            ("on_error", on_error(stage, imports)),
            (
                "fallback",
                Code::option(names.fallback.clone().map(Code::Name)),
            ),
            ("status_observed", Code::bool(observed)),
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
                let evaluate = Name::within(imports.name(paths::DYNAMIC), "evaluate");
                let fields = vec![
                    ("text", Code::Name(function.clone())),
                    ("evaluate", Code::Name(evaluate)),
                ];
                Code::Struct(Name::within(how, "Dynamic"), fields)
            } else {
                Code::Call(
                    Name::within(how, "Render"),
                    vec![Code::Name(function.clone())],
                )
            };
            Code::Tuple(vec![Code::text(name), how])
        })
        .collect();
    Code::slice(entries)
}

fn dependencies(model: &Model, stage: &Stage, imports: &mut Imports) -> Code {
    let entries = stage
        .depends_on
        .iter()
        .map(|dependency| {
            let conditional = model.graph.is_conditional(dependency.stage);
            let fields = vec![
                ("stage", index(dependency.stage)),
                ("conditional", Code::bool(conditional)),
            ];
            Code::Struct(Name::new(imports.name(paths::DEPENDENCY)), fields)
        })
        .collect();
    Code::slice(entries)
}

/// What runs a stage.
fn kind(stage: &Stage, imports: &mut Imports) -> Option<Code> {
    let control = match stage.component?.runs {
        Runs::Leaf { item, .. } => {
            let kind = imports.name(paths::KIND);
            let component = Name::within(imports.name(paths::COMPONENT), item);
            let component = Code::Name(component).borrowed();
            return Some(Code::Call(Name::within(kind, "Leaf"), vec![component]));
        }
        Runs::Control(control) => control,
        Runs::NotYet => return None,
    };
    let kind = imports.name(paths::KIND);
    let list = |role: &Role| indices(members(stage, role));
    let (variant, fields) = match control {
        Control::Router => (
            "Router",
            vec![
                ("routes", Code::slice(routes(&stage.owned))),
                ("default", default_route(&stage.owned)),
            ],
        ),
        Control::Conditional => (
            "Conditional",
            vec![
                ("on_true", list(&Role::True)),
                ("on_false", list(&Role::False)),
            ],
        ),
        Control::TryCatch => (
            "TryCatch",
            vec![
                ("body", list(&Role::Try)),
                ("catch", list(&Role::Catch)),
                ("finally", list(&Role::Finally)),
            ],
        ),
        Control::Foreach => (
            "Foreach",
            vec![
                ("body", list(&Role::Body)),
                (
                    "item",
                    Code::text(setting(stage, "item_variable").unwrap_or("item")),
                ),
                (
                    "index",
                    Code::text(setting(stage, "index_variable").unwrap_or("index")),
                ),
            ],
        ),
        Control::Return => return Some(Code::Name(Name::within(kind, "Return"))),
    };
    Some(Code::Struct(Name::within(kind, variant), fields))
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
                Some(Code::Tuple(vec![Code::text(key), indices(stages)]))
            }
            _ => None,
        })
        .collect()
}

fn default_route(owned: &[OwnedList]) -> Code {
    let list = owned.iter().find(|list| list.role == Role::DefaultRoute);
    Code::option(list.map(|list| indices(list.stages.iter().map(|(id, _)| *id))))
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
        None | Some(OnError::Fail) => Code::Name(Name::within(name, "Fail")),
        Some(OnError::Continue) => Code::Name(Name::within(name, "Continue")),
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
                .map(|set| Code::count(set.value));
            let fields = vec![
                ("max_retries", Code::count(retries)),
                ("delay_ms", Code::count(delay)),
                ("multiplier", Code::Literal(Literal::float(multiplier))),
                ("max_delay_ms", Code::option(max)),
            ];
            Code::Struct(Name::within(name, "Retry"), fields)
        }
    }
}

/// `max_retries` of `on_error: retry` where it is not written.
const DEFAULT_RETRIES: u32 = 3;
/// `retry_delay` in milliseconds where it is not written.
const DEFAULT_DELAY_MS: u64 = 1000;

/// What the pipeline table says that is not in the model.
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
            ("name", Code::text(&variable.name)),
            ("required", Code::bool(variable.required)),
            ("secret", Code::bool(variable.secret)),
        ];
        Code::Struct(Name::new(imports.name(paths::ENV_VAR)), fields)
    });
    let env = Code::slice(env.collect());
    let hosts = Code::slice(
        model
            .facts
            .hosts
            .iter()
            .map(|host| Code::text(host))
            .collect(),
    );
    let allow_hosts = facts.allow_hosts.as_ref().map(|hosts| {
        let hosts = hosts.iter().map(|host| Code::text(host));
        Code::slice(hosts.collect())
    });
    let written = |field: &Option<crate::ast::Spanned<String>>| {
        Code::text(field.as_ref().map_or("", |field| &field.value))
    };
    let json = |field: &Option<String>| Code::option(field.as_ref().map(|json| Code::text(json)));
    Code::Struct(
        Name::new(imports.name(paths::PIPELINE)),
        vec![
            ("id", Code::text(&model.ast.id.value)),
            ("name", written(&model.ast.name)),
            ("version", written(&model.ast.version)),
            ("hash", Code::text(&facts.hash)),
            ("compiler", Code::text(facts.compiler)),
            ("stages", Code::name("STAGES").borrowed()),
            ("output", Code::option(model.output.map(index))),
            ("env", env),
            ("hosts", hosts),
            ("input_schema", json(&facts.input_schema)),
            ("output_schema", json(&facts.output_schema)),
            ("sample_input", json(&facts.sample_input)),
            ("allow_hosts", Code::option(allow_hosts)),
        ],
    )
}

fn index(stage: StageId) -> Code {
    Code::count(stage.0)
}

fn indices(stages: impl Iterator<Item = StageId>) -> Code {
    Code::slice(stages.map(index).collect())
}
