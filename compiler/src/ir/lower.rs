//! AST to IR: the order in which a pipeline is understood.
//!
//! Enters: an AST. Leaves: an [`Ir`], whole even where findings stand. First the components and
//! the stages they name, then the graph, then expressions in the graph's order, so that every
//! stage's output has its type before it is read.

use super::{
    Dependency, EnvVar, Ir, OwnedList, Role, Setting, Stage, StageId, expr,
    facts::{Facts, Read},
    graph::{Graph, Links},
    members::Members,
    misnamed::{Space, Uses},
    no_effect, output,
    references::References,
    settings::{self, Known},
    status,
};
use crate::{
    ast,
    catalogue::{self, Component, Control, Lookup, MODEL_FIELDS},
    diagnostics::{Code, Diagnostic, suggest},
    schema::{self, keywords},
    source::{SourceMap, Span},
    syntax::tree::{JsonString, Node, NodeKind},
    types::Type,
};

/// What lowering carries along.
pub(super) struct Lowering<'a> {
    pub(super) sources: &'a SourceMap,
    pub(super) found: Vec<Diagnostic>,
    pub(super) references: References,
    pub(super) graph: Graph,
    pub(super) drafts: Vec<Draft>,
    /// By position: what the stage or an owner around it waits for is only guessed.
    pub(super) guessed: Vec<bool>,
    /// Outputs known so far, by position.
    pub(super) outputs: Vec<Type>,
    pub(super) input: Type,
    pub(super) input_is_declared: bool,
    pub(super) reads: Vec<Read>,
    /// The names of expressions, and where they are defined.
    pub(super) uses: Uses,
    pub(super) env: Vec<EnvRead>,
    /// Variables set so far: by which stage, name, type; no name where it is not literal.
    pub(super) variables: Vec<(StageId, Option<String>, Type)>,
    /// The type of each loop's `items`.
    pub(super) items: Vec<(StageId, Type)>,
    /// Ownership or order is not known whole (reported): what depends on it is not judged.
    pub(super) doubtful: bool,
    /// Roots of an expression outside a pipeline (`fmc eval`).
    pub(super) free: Vec<(String, Type)>,
}

/// A reading of an environment variable.
pub(super) struct EnvRead {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) guarded: bool,
}

/// A stage before its expressions are lowered.
pub(super) struct Draft {
    pub(super) component: Option<&'static Component>,
    pub(super) known: Vec<Known>,
    pub(super) depends_on: Vec<Dependency>,
    pub(super) owned: Vec<(Role, Vec<(StageId, Span)>)>,
    /// Some entry of an owned list could not be read: its stage has an owner that is not known.
    pub(super) lost: bool,
    /// Some entry of `depends_on` is misspelt: what it waits for is only guessed.
    pub(super) vague: bool,
}

/// Lowers a pipeline. `secret` and `optional` are what configuration says of environment
/// variables.
#[must_use]
pub fn lower(
    ast: ast::Pipeline,
    sources: &SourceMap,
    secret: &[String],
    optional: &[String],
) -> (Ir, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let ids = ast.stages.iter().map(|stage| &stage.id);
    let mut references = References::new(ids, ast.inherits());
    let mut uncertain = ast.lost_stages;
    let drafts: Vec<Draft> = ast
        .stages
        .iter()
        .zip(0..)
        .map(|(stage, at)| {
            let draft = draft(stage, StageId(at), &mut references, &mut found);
            uncertain |= draft.component.is_none() || draft.lost;
            draft
        })
        .collect();
    let output = ast
        .output_stage_id
        .as_ref()
        .map(|id| references.resolve(&id.value, id.span, &[]));
    let graph = Graph::new(links(&ast, &drafts));
    let guessed = guessed(&graph, &drafts);
    let doubtful = uncertain || graph.is_cyclic();
    let schemas = [&ast.input_schema, &ast.output_schema];
    for schema in schemas.into_iter().flatten() {
        schema::check(schema, &mut found);
    }
    // Of a pipeline that inherits, schemas of other files are a part of it.
    let input = ast
        .input_schema
        .as_ref()
        .filter(|_| !ast.inherits())
        .map(schema::type_of);
    let mut lowering = Lowering {
        sources,
        found,
        references,
        graph,
        outputs: vec![Type::Any; drafts.len()],
        drafts,
        guessed,
        input_is_declared: input.is_some(),
        input: input.unwrap_or(Type::Any),
        reads: Vec::new(),
        uses: Uses::default(),
        env: Vec::new(),
        variables: Vec::new(),
        items: Vec::new(),
        doubtful,
        free: Vec::new(),
    };
    if let Some(schema) = &ast.input_schema {
        lowering.define_inputs(schema);
    }
    let mut lowered = lowering.stages(&ast);
    std::mem::take(&mut lowering.uses).report(&mut lowering.found);
    if !ast.lost_stages {
        let Lowering {
            references, found, ..
        } = &mut lowering;
        references.report(found);
    }
    let stages = std::mem::take(&mut lowered);
    finish(ast, stages, output, uncertain, lowering, secret, optional)
}

fn finish(
    ast: ast::Pipeline,
    mut stages: Vec<Stage>,
    output: Option<Option<StageId>>,
    uncertain: bool,
    mut lowering: Lowering<'_>,
    secret: &[String],
    optional: &[String],
) -> (Ir, Vec<Diagnostic>) {
    lowering.reads.sort_by_key(|read| (read.reader, read.span));
    let observed = status::observed(&stages, &lowering.reads);
    for (stage, observed) in stages.iter_mut().zip(observed) {
        stage.status_observed = observed;
        if let Some(output) = lowering.outputs.get(stage.id.0 as usize) {
            stage.output = output.clone();
        }
    }
    let last = || {
        stages
            .iter()
            .rev()
            .find(|stage| lowering.graph.owners(stage.id).is_empty())
            .map(|stage| stage.id)
    };
    let ir = Ir {
        output: output.unwrap_or_else(last),
        input: lowering.input.clone(),
        env: environment(&lowering.env, secret, optional),
        hosts: super::hosts::of(&stages),
        unbuildable: unbuildable(&ast, &stages),
        facts: Facts {
            reads: lowering.reads,
            uncertain,
            guessed: lowering.guessed,
        },
        graph: lowering.graph,
        stages,
        ast,
    };
    (ir, lowering.found)
}

fn environment(reads: &[EnvRead], secret: &[String], optional: &[String]) -> Vec<EnvVar> {
    const MARKS: [&str; 7] = [
        "TOKEN",
        "KEY",
        "SECRET",
        "PASSWORD",
        "AUTH",
        "CREDENTIAL",
        "WEBHOOK",
    ];
    let mut names: Vec<&str> = reads.iter().map(|read| read.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let variables = names.into_iter().map(|name| {
        let mine = || reads.iter().filter(|read| read.name == name);
        let upper = name.to_uppercase();
        let mut places: Vec<Span> = mine().map(|read| read.span).collect();
        places.sort_unstable();
        EnvVar {
            name: name.to_owned(),
            required: mine().any(|read| !read.guarded)
                && !optional.iter().any(|other| other == name),
            secret: MARKS.iter().any(|mark| upper.contains(mark))
                || secret.iter().any(|other| other == name),
            reads: places,
        }
    });
    variables.collect()
}

fn unbuildable(ast: &ast::Pipeline, stages: &[Stage]) -> Vec<(String, Span)> {
    let concrete = |key: &JsonString, value: &Node| {
        &*key.text == "abstract" && matches!(value.kind, NodeKind::Bool(false))
    };
    let mut out: Vec<(String, Span)> = ast
        .inheritance
        .iter()
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
            out.push((
                "`jmespath_expression` of `json-transform`".to_owned(),
                setting.key,
            ));
        }
    }
    out
}

fn draft(
    stage: &ast::Stage,
    id: StageId,
    references: &mut References,
    found: &mut Vec<Diagnostic>,
) -> Draft {
    let component = stage
        .component
        .as_ref()
        .and_then(|name| component(name, found));
    no_effect::report(stage, component, found);
    let known = component.map_or_else(Vec::new, |component| {
        settings::resolve(component, stage, found)
    });
    let mut members = Members {
        owner: id,
        references,
        lost: false,
        found,
    };
    let owned = members.owned(&known);
    let lost = members.lost;
    let vague = |id: &ast::Spanned<String>| !references.contains(&id.value);
    let vague = stage.depends_on.iter().any(vague);
    let depends_on = stage
        .depends_on
        .iter()
        .filter_map(|written| {
            let stage = references.resolve(&written.value, written.span, &[id])?;
            Some(Dependency {
                stage,
                span: written.span,
            })
        })
        .collect();
    Draft {
        component,
        known,
        depends_on,
        owned,
        lost,
        vague,
    }
}

/// The component of a name; the nearest where it is misspelt.
fn component(
    name: &ast::Spanned<String>,
    found: &mut Vec<Diagnostic>,
) -> Option<&'static Component> {
    let written = &name.value;
    match catalogue::lookup(written) {
        Lookup::Known(component) => Some(component),
        Lookup::Unsupported(instead) => {
            let message = format!("the component `{written}` of FlowMason is not supported");
            found.push(
                Diagnostic::new(Code::UnsupportedComponent, name.span, message)
                    .help(format!("use {instead}")),
            );
            None
        }
        Lookup::Unknown(near) => {
            let message = format!("there is no component `{written}`");
            let finding = Diagnostic::new(Code::UnknownComponent, name.span, message)
                .label("not a component");
            found.push(match near {
                Some(near) => finding
                    .help(format!("the nearest component is `{near}`"))
                    .fix(format!("replace it by `{near}`"), false, name.span, near),
                None => {
                    let known = catalogue::components().map(|component| component.name);
                    finding.help(format!("the components are {}", suggest::list(known)))
                }
            });
            near.and_then(catalogue::find)
        }
    }
}

fn guessed(graph: &Graph, drafts: &[Draft]) -> Vec<bool> {
    let vague = |stage: &StageId| drafts.get(stage.0 as usize).is_some_and(|d| d.vague);
    if !drafts.iter().any(|draft| draft.vague) {
        return vec![false; drafts.len()];
    }
    let stages = (0..).map(StageId).take(drafts.len());
    stages
        .map(|stage| vague(&stage) || graph.around(stage).iter().any(vague))
        .collect()
}

fn links(ast: &ast::Pipeline, drafts: &[Draft]) -> Vec<Links> {
    let link = |(stage, draft): (&ast::Stage, &Draft)| Links {
        depends_on: draft
            .depends_on
            .iter()
            .map(|dependency| dependency.stage)
            .collect(),
        owned: draft
            .owned
            .iter()
            .map(|(role, members)| {
                (
                    role.clone(),
                    members.iter().map(|(stage, _)| *stage).collect(),
                )
            })
            .collect(),
        enabled: stage.enabled,
    };
    ast.stages.iter().zip(drafts).map(link).collect()
}

impl Lowering<'_> {
    /// Lowers every stage in the graph's order; gives them in document order.
    fn stages(&mut self, ast: &ast::Pipeline) -> Vec<Stage> {
        let mut lowered: Vec<Option<Stage>> = ast.stages.iter().map(|_| None).collect();
        for id in self.graph.order().to_vec() {
            let at = id.0 as usize;
            let Some(written) = ast.stages.get(at) else {
                continue;
            };
            let stage = self.stage(id, written);
            if let Some(slot) = self.outputs.get_mut(at) {
                *slot = stage.output.clone();
            }
            self.close_loop(id, &stage.output);
            if let (Some(items), Some(Control::Foreach)) = (stage.setting("items"), stage.control())
            {
                self.items.push((id, items.value.ty.clone()));
            }
            self.define_names(id, &stage);
            if stage.sets_variables() {
                self.remember_variables(id, &stage.settings);
            }
            if let Some(slot) = lowered.get_mut(at) {
                *slot = Some(stage);
            }
        }
        lowered.into_iter().flatten().collect()
    }

    fn define_inputs(&mut self, schema: &Node) {
        let properties = schema.field("properties").map(|node| &node.kind);
        if let Some(NodeKind::Object(entries)) = properties {
            for entry in entries {
                let key = &entry.key;
                self.uses.define(Space::Input, &key.text, key.inner());
            }
        }
    }

    fn define_names(&mut self, id: StageId, stage: &Stage) {
        for (name, span) in output::definitions(&stage.settings) {
            self.uses.define(Space::Output(id), name, span);
            if stage.sets_variables() {
                self.uses.define(Space::Context, name, span);
            }
        }
        for variable in ["item_variable", "index_variable"] {
            if let Some(setting) = stage.setting(variable)
                && let expr::NodeKind::Text(name) = &setting.value.kind
            {
                self.uses.define(Space::Context, name, setting.value.span);
            }
        }
    }

    fn remember_variables(&mut self, id: StageId, settings: &[Setting]) {
        match output::set_variables(settings) {
            None => self.variables.push((id, None, Type::Any)),
            Some(set) => self
                .variables
                .extend(set.into_iter().map(|(name, ty)| (id, Some(name), ty))),
        }
    }

    /// When a loop's last stage is known, so are the loop's `results`.
    fn close_loop(&mut self, id: StageId, output: &Type) {
        for owner in self.graph.loops_ending_with(id) {
            let element = match self.goes_on(owner) {
                true => output.clone().or(output::of_failure()),
                false => output.clone(),
            };
            if let Some(slot) = self.outputs.get_mut(owner.0 as usize) {
                *slot = output::of_loop(element);
            }
        }
    }

    /// Whether a loop may go on after a failed item, whose result then is the error.
    fn goes_on(&self, foreach: StageId) -> bool {
        let draft = self.drafts.get(foreach.0 as usize);
        let settings = draft.into_iter().flat_map(|draft| &draft.known);
        let breaks = |known: &&Known| known.field.name == "break_on_error";
        settings
            .filter(breaks)
            .any(|known| !matches!(known.value.kind, NodeKind::Bool(true)))
    }

    fn stage(&mut self, id: StageId, written: &ast::Stage) -> Stage {
        let draft = self.drafts.get(id.0 as usize);
        let component = draft.and_then(|draft| draft.component);
        let depends_on = draft
            .map(|draft| draft.depends_on.clone())
            .unwrap_or_default();
        let owned = draft.map(|draft| draft.owned.clone()).unwrap_or_default();
        let known = draft.map(|draft| draft.known.clone()).unwrap_or_default();
        let mut settings = match component {
            Some(_) => self.known_settings(id, &known),
            None => self.unknown_settings(id, written),
        };
        if component.is_some_and(|component| component.model) {
            settings.extend(self.model_settings(id, written));
        }
        let fallback = written
            .fallback_output
            .as_ref()
            .map(|node| self.plain(id, "fallback_output", node));
        let output = component.map_or(Type::Any, |component| output::of(component, &settings));
        let output = match &fallback {
            Some(fallback) => output.or(fallback.ty.clone()),
            None => output,
        };
        Stage {
            id,
            name: written.id.clone(),
            component,
            span: written.span,
            settings,
            depends_on,
            owned: owned
                .into_iter()
                .map(|(role, stages)| OwnedList { role, stages })
                .collect(),
            enabled: written.enabled,
            timeout_ms: written.timeout_ms.as_ref().map(|limit| limit.value),
            error_handling: written.error_handling.clone(),
            fallback,
            status_observed: false,
            output,
        }
    }

    fn model_settings(&mut self, id: StageId, written: &ast::Stage) -> Vec<Setting> {
        let given = [&written.provider, &written.model, &written.llm_settings];
        let mut settings = Vec::new();
        for (field, node) in MODEL_FIELDS.iter().zip(given) {
            if let Some(node) = node {
                let value = self.plain(id, field.name, node);
                self.fits(field, &value);
                settings.push(Setting {
                    name: field.name,
                    key: node.span,
                    deferred: false,
                    value,
                });
            }
        }
        settings
    }
}

impl<'a> Lowering<'a> {
    /// For an expression that stands in no pipeline.
    pub(super) fn outside(sources: &'a SourceMap, scope: &[(String, Type)]) -> Self {
        Self {
            sources,
            found: Vec::new(),
            references: References::default(),
            graph: Graph::new(Vec::new()),
            drafts: Vec::new(),
            guessed: Vec::new(),
            outputs: Vec::new(),
            input: Type::Any,
            input_is_declared: false,
            reads: Vec::new(),
            uses: Uses::default(),
            env: Vec::new(),
            variables: Vec::new(),
            items: Vec::new(),
            doubtful: false,
            free: scope.to_vec(),
        }
    }

    /// The type of the items a loop goes through.
    pub(super) fn item_type(&self, foreach: StageId) -> Type {
        self.items
            .iter()
            .find(|(stage, _)| *stage == foreach)
            .map_or(Type::Any, |(_, ty)| ty.element())
    }
}
