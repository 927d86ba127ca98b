//! The static tables: stages, pipeline, environment.
//!
//! Enters: stages and the names of their functions. Leaves: items and struct literals of `plan`.
//! Must not know what the functions do.

use super::{
    node,
    paths::{self, Imports},
    rust::{Code, Comment, Function, Item, Literal, Name, Parameter, Stmt, Type},
};
use crate::{
    ast::OnError,
    catalogue::{Control, Runs, StageList},
    ir::{OwnedList, Role, Stage, StageId, config::ConfigKind},
    model::Model,
};

/// The functions of one stage.
pub(super) struct StageFunctions {
    /// Renders the settings.
    pub(super) config: Name,
    /// Deferred settings: name, function, and whether a string is evaluated at run time.
    pub(super) deferred: Vec<(&'static str, Name, bool)>,
    /// Renders the fallback output.
    pub(super) fallback: Option<Name>,
}

/// What a stage is where its entry says nothing else: fields and values.
///
/// Most stages differ from it in two or three fields, and what an entry does not say costs rustc
/// nothing: the nine fields of 1,000 stages took it 0.4 s.
fn plain(imports: &mut Imports) -> [(&'static str, Code); 9] {
    let none = || Code::option(None);
    let fail = Name::within(imports.name(paths::ON_ERROR), "Fail");
    [
        ("deferred", Code::slice(Vec::new())),
        ("depends_on", Code::slice(Vec::new())),
        ("owners", Code::slice(Vec::new())),
        ("loop_stage", none()),
        ("enabled", Code::bool(true)),
        ("timeout_ms", none()),
        ("on_error", Code::Name(fail)),
        ("fallback", none()),
        ("status_observed", Code::bool(false)),
    ]
}

/// The table entry of a stage: what it is beyond [`plain`]. None where this version has nothing
/// that runs its component.
pub(super) fn stage(
    model: &Model,
    stage: &Stage,
    names: &StageFunctions,
    imports: &mut Imports,
) -> Option<Code> {
    let graph = &model.graph;
    let mut fields = vec![
        ("id", Code::text(&stage.name.value)),
        ("kind", kind(stage, imports)?),
        ("config", Code::Name(names.config.clone())),
    ];
    let own = [
        deferred(names, imports),
        dependencies(model, stage, imports),
        indices(graph.owners(stage.id).iter().copied()),
        Code::option(graph.loop_of(stage.id).map(index)),
        Code::bool(stage.enabled),
        Code::option(stage.timeout_ms.map(Code::count)),
        on_error(stage, imports),
        Code::option(names.fallback.clone().map(Code::Name)),
        Code::bool(model.facts.is_observed(stage.id)),
    ];
    let plain = plain(imports);
    let beyond = plain.into_iter().zip(own);
    let beyond = beyond.filter(|((_, usual), own)| usual != own);
    fields.extend(beyond.map(|((field, _), own)| (field, own)));
    let of = Name::new(imports.name(paths::STAGE));
    Some(Code::Update(of, fields, Name::new("PLAIN")))
}

/// The table of all stages, from their entries: a constant each, since in one large table rustc
/// takes longer for each entry the more there are.
pub(super) fn stages(entries: Vec<Code>, imports: &mut Imports) -> Vec<Item> {
    let of = Type::new(imports.name(paths::STAGE));
    let count = entries.len();
    let mut items = Vec::new();
    if count > 0 {
        items.extend(plain_stage(imports));
    }
    let name = |at| Name::numbered("S", at);
    let constants = entries.into_iter().enumerate();
    items.extend(constants.map(|(at, entry)| Item::Const(name(at), of.clone(), entry)));
    let table = Code::Array((0..count).map(|at| Code::Name(name(at))).collect());
    items.push(Item::Static(Name::new("STAGES"), of.array(count), table));
    items
}

/// [`plain`] as a constant. It names a function for its settings, which nothing calls.
fn plain_stage(imports: &mut Imports) -> [Item; 2] {
    let stage = imports.name(paths::STAGE);
    let settings = Name::new("no_settings");
    let returns = Name::within(imports.name(paths::KIND), "Return");
    let mut fields = vec![
        ("id", Code::text("")),
        ("kind", Code::Name(returns)),
        ("config", Code::Name(settings.clone())),
    ];
    fields.extend(plain(imports));
    let null = Code::Name(Name::within(imports.name(paths::NODE), "Null"));
    let render = Function {
        about: Some(Comment::new("No stage's settings: those of `PLAIN`.")),
        name: settings,
        parameters: vec![Parameter::new("s", true, imports.scope())],
        result: Type::new(imports.name(paths::OUTCOME)),
        body: vec![Stmt::Value(node::rendered(null))],
    };
    let value = Code::Struct(Name::new(stage), fields);
    [
        Item::Function(render),
        Item::Const(Name::new("PLAIN"), Type::new(stage), value),
    ]
}

fn deferred(names: &StageFunctions, imports: &mut Imports) -> Code {
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
    let list = |which| indices(members(stage, which));
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

fn members(stage: &Stage, which: StageList) -> impl Iterator<Item = StageId> {
    let list = stage.owned.iter().find(|list| list.role.is(which));
    list.into_iter()
        .flat_map(|list| list.stages.iter().map(|(id, _)| *id))
}

fn routes(owned: &[OwnedList]) -> Vec<Code> {
    owned
        .iter()
        .filter_map(|list| {
            let Role::Route(key) = &list.role else {
                return None;
            };
            let stages = list.stages.iter().map(|(id, _)| *id);
            Some(Code::Tuple(vec![Code::text(key), indices(stages)]))
        })
        .collect()
}

fn default_route(owned: &[OwnedList]) -> Code {
    let list = owned
        .iter()
        .find(|list| list.role.is(StageList::DefaultRoute));
    Code::option(list.map(|list| indices(list.stages.iter().map(|(id, _)| *id))))
}

fn setting<'s>(stage: &'s Stage, name: &str) -> Option<&'s str> {
    let ConfigKind::Text(text) = &stage.setting(name)?.value.kind else {
        return None;
    };
    Some(text)
}

fn on_error(stage: &Stage, imports: &mut Imports) -> Code {
    let name = imports.name(paths::ON_ERROR);
    let handling = &stage.error_handling;
    match handling.on_error.as_ref().map(|on_error| on_error.value) {
        None | Some(OnError::Fail) => Code::Name(Name::within(name, "Fail")),
        Some(OnError::Continue) => Code::Name(Name::within(name, "Continue")),
        Some(OnError::Retry) => {
            let max = handling
                .max_delay
                .as_ref()
                .map(|set| Code::count(set.value));
            let fields = vec![
                ("max_retries", Code::count(handling.retries())),
                ("delay_ms", Code::count(handling.delay_ms())),
                (
                    "multiplier",
                    Code::Literal(Literal::float(handling.multiplier())),
                ),
                ("max_delay_ms", Code::option(max)),
            ];
            Code::Struct(Name::within(name, "Retry"), fields)
        }
    }
}

/// What the pipeline table says that is not in the model.
pub(super) struct Origin {
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
pub(super) fn pipeline(model: &Model, origin: &Origin, imports: &mut Imports) -> Code {
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
    let allow_hosts = origin.allow_hosts.as_ref().map(|hosts| {
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
            ("hash", Code::text(&origin.hash)),
            ("compiler", Code::text(origin.compiler)),
            ("stages", Code::name("STAGES").borrowed()),
            ("output", Code::option(model.output.map(index))),
            ("env", env),
            ("hosts", hosts),
            ("input_schema", json(&origin.input_schema)),
            ("output_schema", json(&origin.output_schema)),
            ("sample_input", json(&origin.sample_input)),
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
