//! The static tables: stages, pipeline, environment.
//!
//! Enters: stages and the names of their functions. Leaves: struct literals of `plan`.

use super::{
    paths::{self, Imports},
    rust::{Code, Literal, Name},
};
use crate::{
    ast::OnError,
    ir::{Ir, OwnedList, Role, Stage, StageId, expr::NodeKind},
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

/// The table entry of a stage.
pub(super) fn stage(ir: &Ir, stage: &Stage, names: &Functions, imports: &mut Imports) -> Code {
    let owners = stage.owners.iter().copied();
    Code::Struct(
        Name::new(imports.name(paths::STAGE)),
        vec![
            ("id", Code::text(&stage.name.value)),
            ("kind", kind(stage, imports)),
            ("config", Code::Name(names.config.clone())),
            ("deferred", deferred(names, imports)),
            ("depends_on", dependencies(ir, stage, imports)),
            ("owners", indices(owners)),
            ("loop_stage", Code::option(stage.loop_stage.map(index))),
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
            ("status_observed", Code::bool(stage.status_observed)),
        ],
    )
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

fn dependencies(ir: &Ir, stage: &Stage, imports: &mut Imports) -> Code {
    let entries = stage
        .depends_on
        .iter()
        .map(|dependency| {
            let conditional = ir
                .stage(dependency.stage)
                .is_some_and(|other| other.conditional);
            let fields = vec![
                ("stage", index(dependency.stage)),
                ("conditional", Code::bool(conditional)),
            ];
            Code::Struct(Name::new(imports.name(paths::DEPENDENCY)), fields)
        })
        .collect();
    Code::slice(entries)
}

fn kind(stage: &Stage, imports: &mut Imports) -> Code {
    let kind = imports.name(paths::KIND);
    let list = |role: &Role| indices(members(stage, role));
    let (variant, fields) = match stage.component {
        "router" => (
            "Router",
            vec![
                ("routes", Code::slice(routes(&stage.owned))),
                ("default", default_route(&stage.owned)),
            ],
        ),
        "conditional" => (
            "Conditional",
            vec![
                ("on_true", list(&Role::True)),
                ("on_false", list(&Role::False)),
            ],
        ),
        "trycatch" => (
            "TryCatch",
            vec![
                ("body", list(&Role::Try)),
                ("catch", list(&Role::Catch)),
                ("finally", list(&Role::Finally)),
            ],
        ),
        "foreach" => (
            "Foreach",
            vec![
                ("body", list(&Role::Loop)),
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
        "return" => return Code::Name(Name::within(kind, "Return")),
        leaf => {
            let module = imports.name(paths::COMPONENT);
            let found = paths::COMPONENTS.iter().find(|(name, ..)| *name == leaf);
            let item = found.map_or("NONE", |(_, item, _)| item);
            let component = Code::Name(Name::within(module, item)).borrowed();
            return Code::Call(Name::within(kind, "Leaf"), vec![component]);
        }
    };
    Code::Struct(Name::within(kind, variant), fields)
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
        NodeKind::Text(text) => Some(text),
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
pub(super) fn pipeline(ir: &Ir, facts: &Facts, imports: &mut Imports) -> Code {
    let env = ir.env.iter().map(|variable| {
        let fields = vec![
            ("name", Code::text(&variable.name)),
            ("required", Code::bool(variable.required)),
            ("secret", Code::bool(variable.secret)),
        ];
        Code::Struct(Name::new(imports.name(paths::ENV_VAR)), fields)
    });
    let env = Code::slice(env.collect());
    let hosts = Code::slice(ir.hosts.iter().map(|host| Code::text(host)).collect());
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
            ("id", Code::text(&ir.ast.id.value)),
            ("name", written(&ir.ast.name)),
            ("version", written(&ir.ast.version)),
            ("hash", Code::text(&facts.hash)),
            ("compiler", Code::text(facts.compiler)),
            ("stages", Code::name("STAGES").borrowed()),
            ("output", Code::option(ir.output.map(index))),
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
