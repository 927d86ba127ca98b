//! The static tables: stages, pipeline, environment.
//!
//! Enters: stages, and the names of their functions. Leaves: items and struct literals of the types
//! in the runtime's `plan`. Must not know what the functions do.

use super::{
    node,
    paths::{self, Imports},
    rust::{Comment, Function, Item, Literal, Name, Parameter, RustExpr, RustType, Stmt},
};
use crate::{
    ast::OnError,
    catalogue::{Control, Runs, StageList},
    ir::{OwnedList, Role, Stage, StageId, config::ConfigKind},
    model::Model,
};

/// The names of the functions of one stage.
pub(super) struct StageFunctions {
    /// The function that renders the settings.
    pub(super) config: Name,
    /// The deferred settings: name, function, and whether a string is evaluated at run time.
    pub(super) deferred: Vec<(&'static str, Name, bool)>,
    /// The function that renders the fallback output.
    pub(super) fallback: Option<Name>,
}

/// The fields of a stage that has nothing special: names and values.
///
/// Most stages differ from it in two or three fields, and fields that an entry leaves out cost
/// rustc nothing. With all nine fields written, 1,000 stages took rustc 0.4 s more.
fn plain(imports: &mut Imports) -> [(&'static str, RustExpr); 9] {
    let none = || RustExpr::option(None);
    let fail = Name::within(imports.name(paths::ON_ERROR), "Fail");
    [
        ("deferred", RustExpr::slice(Vec::new())),
        ("depends_on", RustExpr::slice(Vec::new())),
        ("owners", RustExpr::slice(Vec::new())),
        ("foreach", none()),
        ("enabled", RustExpr::bool(true)),
        ("timeout_ms", none()),
        ("on_error", RustExpr::Name(fail)),
        ("fallback", none()),
        ("status_observed", RustExpr::bool(false)),
    ]
}

/// The table entry of a stage: only the fields that differ from [`plain`]. `None` when this version
/// cannot run its component.
pub(super) fn stage(
    model: &Model,
    stage: &Stage,
    names: &StageFunctions,
    imports: &mut Imports,
) -> Option<RustExpr> {
    let graph = &model.graph;
    let mut fields = vec![
        ("id", RustExpr::text(&stage.name.value)),
        ("kind", kind(stage, imports)?),
        ("config", RustExpr::Name(names.config.clone())),
    ];
    let own = [
        deferred(names, imports),
        dependencies(model, stage, imports),
        indices(graph.owners(stage.id).iter().copied()),
        RustExpr::option(graph.loop_of(stage.id).map(index)),
        RustExpr::bool(stage.enabled),
        RustExpr::option(stage.timeout_ms.map(RustExpr::count)),
        on_error(stage, imports),
        RustExpr::option(names.fallback.clone().map(RustExpr::Name)),
        RustExpr::bool(model.facts.is_observed(stage.id)),
    ];
    let plain = plain(imports);
    // Both lists have the fields in the same order.
    let beyond = plain.into_iter().zip(own);
    let beyond = beyond.filter(|((_, usual), own)| usual != own);
    fields.extend(beyond.map(|((field, _), own)| (field, own)));
    let of = Name::new(imports.name(paths::STAGE));
    Some(RustExpr::Update(of, fields, Name::new("PLAIN")))
}

/// The table of all stages, from their entries. Each entry is a constant of its own, because in one
/// large table rustc's time for each entry grows with the number of entries.
pub(super) fn stages(entries: Vec<RustExpr>, imports: &mut Imports) -> Vec<Item> {
    let of = RustType::new(imports.name(paths::STAGE));
    let count = entries.len();
    let mut items = Vec::new();
    if count > 0 {
        items.extend(plain_stage(imports));
    }
    let name = |at| Name::numbered("S", at);
    let constants = entries.into_iter().enumerate();
    items.extend(constants.map(|(at, entry)| Item::Const(name(at), of.clone(), entry)));
    let table = RustExpr::Array((0..count).map(|at| RustExpr::Name(name(at))).collect());
    items.push(Item::Static(Name::new("STAGES"), of.array(count), table));
    items
}

/// [`plain`] as a constant. Its function for settings is never called.
fn plain_stage(imports: &mut Imports) -> [Item; 2] {
    let stage = imports.name(paths::STAGE);
    let settings = Name::new("no_settings");
    let returns = Name::within(imports.name(paths::KIND), "Return");
    let mut fields = vec![
        ("id", RustExpr::text("")),
        ("kind", RustExpr::Name(returns)),
        ("config", RustExpr::Name(settings.clone())),
    ];
    fields.extend(plain(imports));
    let null = RustExpr::Name(Name::within(imports.name(paths::NODE), "Null"));
    let render = Function {
        about: Some(Comment::new("No stage's settings: those of `PLAIN`.")),
        name: settings,
        parameters: vec![Parameter::new("s", true, imports.scope())],
        result: RustType::new(imports.name(paths::OUTCOME)),
        body: vec![Stmt::Value(node::rendered(null))],
    };
    let value = RustExpr::Struct(Name::new(stage), fields);
    [
        Item::Function(render),
        Item::Const(Name::new("PLAIN"), RustType::new(stage), value),
    ]
}

/// The deferred settings of a stage, each with its function.
fn deferred(names: &StageFunctions, imports: &mut Imports) -> RustExpr {
    let entries = names
        .deferred
        .iter()
        .map(|(name, function, dynamic)| {
            let how = imports.name(paths::DEFERRED);
            let how = if *dynamic {
                // Naming this function makes the linker keep the parser; no other program has it.
                let evaluate = Name::within(imports.name(paths::DYNAMIC), "evaluate");
                let fields = vec![
                    ("text", RustExpr::Name(function.clone())),
                    ("evaluate", RustExpr::Name(evaluate)),
                ];
                RustExpr::Struct(Name::within(how, "Dynamic"), fields)
            } else {
                RustExpr::Call(
                    Name::within(how, "Render"),
                    vec![RustExpr::Name(function.clone())],
                )
            };
            RustExpr::Tuple(vec![RustExpr::text(name), how])
        })
        .collect();
    RustExpr::slice(entries)
}

/// The dependencies of a stage, and whether each may be skipped.
fn dependencies(model: &Model, stage: &Stage, imports: &mut Imports) -> RustExpr {
    let entries = stage
        .depends_on
        .iter()
        .map(|dependency| {
            let conditional = model.graph.is_conditional(dependency.stage);
            let fields = vec![
                ("stage", index(dependency.stage)),
                ("conditional", RustExpr::bool(conditional)),
            ];
            RustExpr::Struct(Name::new(imports.name(paths::DEPENDENCY)), fields)
        })
        .collect();
    RustExpr::slice(entries)
}

/// What kind of stage it is, in the words of `plan`.
fn kind(stage: &Stage, imports: &mut Imports) -> Option<RustExpr> {
    let control = match stage.component?.runs {
        Runs::Leaf { item, .. } => {
            let kind = imports.name(paths::KIND);
            let component = Name::within(imports.name(paths::COMPONENT), item);
            let component = RustExpr::Name(component).borrowed();
            return Some(RustExpr::Call(Name::within(kind, "Leaf"), vec![component]));
        }
        Runs::Control(control) => control,
        Runs::NotYet => return None,
    };
    let kind = imports.name(paths::KIND);
    let list = |which| indices(members(stage, which));
    let (variant, fields) = match control {
        Control::Router => (
            "Router",
            vec![
                ("routes", RustExpr::slice(routes(&stage.owned))),
                ("default", default_route(&stage.owned)),
            ],
        ),
        Control::Conditional => (
            "Conditional",
            vec![
                ("on_true", list(StageList::True)),
                ("on_false", list(StageList::False)),
            ],
        ),
        Control::TryCatch => (
            "TryCatch",
            vec![
                ("body", list(StageList::Try)),
                ("catch", list(StageList::Catch)),
                ("finally", list(StageList::Finally)),
            ],
        ),
        Control::Foreach => (
            "Foreach",
            vec![
                ("body", list(StageList::Body)),
                (
                    "item",
                    RustExpr::text(setting(stage, "item_variable").unwrap_or("item")),
                ),
                (
                    "index",
                    RustExpr::text(setting(stage, "index_variable").unwrap_or("index")),
                ),
            ],
        ),
        Control::Return => return Some(RustExpr::Name(Name::within(kind, "Return"))),
    };
    Some(RustExpr::Struct(Name::within(kind, variant), fields))
}

/// The stages in one of a stage's lists.
fn members(stage: &Stage, which: StageList) -> impl Iterator<Item = StageId> {
    let list = stage.owned.iter().find(|list| list.role.is(which));
    list.into_iter()
        .flat_map(|list| list.stages.iter().map(|(id, _)| *id))
}

/// The routes of a router: keys with their stages.
fn routes(owned: &[OwnedList]) -> Vec<RustExpr> {
    owned
        .iter()
        .filter_map(|list| {
            let Role::Route(key) = &list.role else {
                return None;
            };
            let stages = list.stages.iter().map(|(id, _)| *id);
            Some(RustExpr::Tuple(vec![RustExpr::text(key), indices(stages)]))
        })
        .collect()
}

fn default_route(owned: &[OwnedList]) -> RustExpr {
    let list = owned
        .iter()
        .find(|list| list.role.is(StageList::DefaultRoute));
    RustExpr::option(list.map(|list| indices(list.stages.iter().map(|(id, _)| *id))))
}

/// The text of a literal setting.
fn setting<'s>(stage: &'s Stage, name: &str) -> Option<&'s str> {
    let ConfigKind::Text(text) = &stage.setting(name)?.value.kind else {
        return None;
    };
    Some(text)
}

/// What happens after a failure of the stage, with all defaults filled in.
fn on_error(stage: &Stage, imports: &mut Imports) -> RustExpr {
    let name = imports.name(paths::ON_ERROR);
    let handling = &stage.error_handling;
    match handling.on_error.as_ref().map(|on_error| on_error.value) {
        None | Some(OnError::Fail) => RustExpr::Name(Name::within(name, "Fail")),
        Some(OnError::Continue) => RustExpr::Name(Name::within(name, "Continue")),
        Some(OnError::Retry) => {
            let max = handling
                .max_delay
                .as_ref()
                .map(|set| RustExpr::count(set.value));
            let fields = vec![
                ("max_retries", RustExpr::count(handling.retries())),
                ("delay_ms", RustExpr::count(handling.delay_ms())),
                (
                    "multiplier",
                    RustExpr::Literal(Literal::float(handling.multiplier())),
                ),
                ("max_delay_ms", RustExpr::option(max)),
            ];
            RustExpr::Struct(Name::within(name, "Retry"), fields)
        }
    }
}

/// The part of the pipeline table that is not in the model.
pub(super) struct Origin {
    /// The SHA-256 of the text, in hexadecimal.
    pub(super) hash: String,
    /// The version of the compiler.
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

/// The table of the pipeline.
pub(super) fn pipeline(model: &Model, origin: &Origin, imports: &mut Imports) -> RustExpr {
    let env = model.facts.env.iter().map(|variable| {
        let fields = vec![
            ("name", RustExpr::text(&variable.name)),
            ("required", RustExpr::bool(variable.required)),
            ("secret", RustExpr::bool(variable.secret)),
        ];
        RustExpr::Struct(Name::new(imports.name(paths::ENV_VAR)), fields)
    });
    let env = RustExpr::slice(env.collect());
    let hosts = RustExpr::slice(
        model
            .facts
            .hosts
            .iter()
            .map(|host| RustExpr::text(host))
            .collect(),
    );
    let allow_hosts = origin.allow_hosts.as_ref().map(|hosts| {
        let hosts = hosts.iter().map(|host| RustExpr::text(host));
        RustExpr::slice(hosts.collect())
    });
    let written = |field: &Option<crate::ast::Spanned<String>>| {
        RustExpr::text(field.as_ref().map_or("", |field| &field.value))
    };
    let json =
        |field: &Option<String>| RustExpr::option(field.as_ref().map(|json| RustExpr::text(json)));
    RustExpr::Struct(
        Name::new(imports.name(paths::PIPELINE)),
        vec![
            ("id", RustExpr::text(&model.ast.id.value)),
            ("name", written(&model.ast.name)),
            ("version", written(&model.ast.version)),
            ("hash", RustExpr::text(&origin.hash)),
            ("compiler", RustExpr::text(origin.compiler)),
            ("stages", RustExpr::name("STAGES").borrowed()),
            ("output", RustExpr::option(model.output.map(index))),
            ("env", env),
            ("hosts", hosts),
            ("input_schema", json(&origin.input_schema)),
            ("output_schema", json(&origin.output_schema)),
            ("sample_input", json(&origin.sample_input)),
            ("allow_hosts", RustExpr::option(allow_hosts)),
        ],
    )
}

fn index(stage: StageId) -> RustExpr {
    RustExpr::count(stage.0)
}

fn indices(stages: impl Iterator<Item = StageId>) -> RustExpr {
    RustExpr::slice(stages.map(index).collect())
}
