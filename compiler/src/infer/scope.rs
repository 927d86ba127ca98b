//! What names mean at a place in a pipeline.
//!
//! Enters: the catalogue's table of names, and what inference found out about variables, loops and
//! outputs. Leaves: scopes, each a list of names with their types, definitions and one-line
//! documentation. Inference looks names up here, messages list them, and completion will offer
//! them. Must not know findings.

use std::collections::HashMap;

use indexmap::{IndexMap, map::Entry};

use super::outputs::shaped;
use crate::{
    catalogue::{FACTS, Fact, NAMES, NameRow, Root},
    ir::{
        StageId,
        expr::ExprKind,
        graph::{Graph, StageSet},
        uses::Space,
    },
    source::Span,
    types::Type,
};

/// Everything known about names, for all places in a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    /// The type of `input` that `input_schema` declares. `None` without a schema, or when schemas
    /// in other files are part of it.
    pub input: Option<Type>,
    /// The types of the outputs, by the index of the stage; `any` until known.
    pub outputs: Vec<Type>,
    /// The variables that `variable-set` stages set, by name.
    variables: IndexMap<String, Variable>,
    /// The stages that set a variable whose name is not literal, so that it may be any variable.
    any_variable: StageSet,
    /// The loops and the names of their variables, by stage.
    loops: HashMap<StageId, LoopNames>,
    /// Names that only certain settings of a stage can use.
    locals: HashMap<StageId, Vec<(&'static str, Locals)>>,
    /// The names of an expression outside of pipelines (`fmc eval`).
    pub(super) outside: Vec<(String, Type)>,
}

/// A variable of `context`.
#[derive(Clone, Debug)]
struct Variable {
    /// The stages that set it so far.
    setters: StageSet,
    /// How many they are.
    count: usize,
    /// What one of them or another gives it: only the run knows which came last.
    ty: Type,
    /// Where the first one names it.
    definition: Span,
}

/// A variable that more stages set can hold anything: what each of them gives it would be looked
/// through at each read.
const MOST_SETTERS: usize = 64;

/// The names of a loop's item and index.
#[derive(Clone, Debug)]
pub(super) struct LoopNames {
    /// The name of the item, and where it is written; `None` for the default name.
    pub(super) item: (String, Option<Span>),
    /// The name of the index, and where it is written; `None` for the default name.
    pub(super) index: (String, Option<Span>),
    /// The type of the items; `any` until known.
    pub(super) element: Type,
}

/// The names that one setting of a stage can use in addition to the usual ones.
#[derive(Clone, Debug, Default)]
pub struct Locals {
    /// The type of `data`, if it is in scope.
    pub data: Option<Type>,
    /// The type of `item`, if it is in scope.
    pub item: Option<Type>,
    /// The type of `value`, if it is in scope.
    pub value: Option<Type>,
}

/// A name and what it refers to.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// What it refers to.
    pub meaning: Meaning,
    /// The type of its value.
    pub ty: Type,
    /// Where it is defined, when that is in the file.
    pub definition: Option<Span>,
    /// What it is, in one sentence; empty for names that the pipeline itself chose.
    pub doc: &'static str,
}

/// What a name refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A row of the table of names.
    Root(Root),
    /// `context.NAME`. The item and index of a loop are also bare names.
    Context(String),
    /// A name given to `fmc eval`.
    Outside,
}

/// The result of looking up a variable of `context`.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its type. With several setters, a union: only the run knows which came last.
    pub(super) ty: Type,
    /// Whether a stage that sets it has certainly finished. Set from the graph; when false, FMC0308
    /// is reported.
    pub(super) certain: bool,
}

/// The variables of loops further out are not in scope. Each name is looked for in all loops
/// around.
const MOST_LOOPS: usize = 100;

impl LoopNames {
    fn item(&self) -> Binding {
        of_loop(&self.item, self.element.clone())
    }

    fn index(&self) -> Binding {
        of_loop(&self.index, Type::Int)
    }
}

fn of_loop((name, definition): &(String, Option<Span>), ty: Type) -> Binding {
    let mut variable = binding(name, Meaning::Context(name.clone()), ty, "");
    variable.definition = *definition;
    variable
}

impl Scopes {
    /// Scopes for this many stages, whose outputs are not known yet.
    pub(super) fn of_stages(count: usize) -> Self {
        Self {
            outputs: vec![Type::Any; count],
            ..Self::default()
        }
    }

    /// Scopes for an expression that can use only these names.
    pub(super) fn outside(names: &[(String, Type)]) -> Self {
        Self {
            outside: names.to_vec(),
            ..Self::default()
        }
    }

    /// Records a variable that a stage sets.
    pub(super) fn set(&mut self, setter: StageId, name: String, ty: Type, definition: Span) {
        let variable = match self.variables.entry(name) {
            Entry::Occupied(known) => {
                let known = known.into_mut();
                let before = std::mem::replace(&mut known.ty, Type::Any);
                known.ty = match known.count < MOST_SETTERS {
                    true => before.or(ty),
                    false => before.or(Type::Any),
                };
                known
            }
            Entry::Vacant(new) => new.insert(Variable {
                setters: StageSet::default(),
                count: 0,
                ty,
                definition,
            }),
        };
        variable.count += 1;
        variable.setters.insert(setter);
    }

    /// Records a stage that sets a variable whose name is not literal.
    pub(super) fn set_any(&mut self, setter: StageId) {
        self.any_variable.insert(setter);
    }

    /// Records a loop and the names of its variables.
    pub(super) fn add_loop(&mut self, foreach: StageId, names: LoopNames) {
        self.loops.insert(foreach, names);
    }

    /// Records the type of a loop's items.
    pub(super) fn set_element(&mut self, foreach: StageId, element: Type) {
        if let Some(names) = self.loops.get_mut(&foreach) {
            names.element = element;
        }
    }

    /// Records the extra names that a setting can use.
    pub(super) fn set_locals(&mut self, stage: StageId, setting: &'static str, locals: Locals) {
        self.locals
            .entry(stage)
            .or_default()
            .push((setting, locals));
    }

    /// The names that a setting of a stage can use in addition to the usual ones.
    #[must_use]
    pub fn locals(&self, stage: StageId, setting: &str) -> Locals {
        let mut rows = self.locals.get(&stage).into_iter().flatten();
        let row = rows.find(|(name, _)| *name == setting);
        row.map_or_else(Locals::default, |(_, locals)| locals.clone())
    }

    /// The type of `input`.
    #[must_use]
    pub fn input(&self) -> Type {
        self.input.clone().unwrap_or(Type::Any)
    }

    /// The type of a stage's output.
    #[must_use]
    pub fn output(&self, stage: StageId) -> Type {
        let output = self.outputs.get(stage.0 as usize);
        output.cloned().unwrap_or(Type::Any)
    }

    pub(super) fn set_output(&mut self, stage: StageId, output: Type) {
        if let Some(slot) = self.outputs.get_mut(stage.0 as usize) {
            *slot = output;
        }
    }

    /// Whether some loop of the pipeline has a variable with this name.
    pub(super) fn is_some_loops(&self, name: &str) -> bool {
        let mut loops = self.loops.values();
        loops.any(|names| names.item.0 == name || names.index.0 == name)
    }
}

/// The names in scope at one place.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'m> {
    scopes: &'m Scopes,
    graph: &'m Graph,
    /// The stage that contains the place; `None` outside of pipelines.
    stage: Option<StageId>,
    locals: &'m Locals,
}

impl<'m> Scope<'m> {
    /// The names in scope in a setting of a stage.
    #[must_use]
    pub fn at(
        scopes: &'m Scopes,
        graph: &'m Graph,
        stage: Option<StageId>,
        locals: &'m Locals,
    ) -> Self {
        Self {
            scopes,
            graph,
            stage,
            locals,
        }
    }

    /// What a bare name refers to.
    #[must_use]
    pub fn name(&self, name: &str) -> Option<Binding> {
        let mut outside = self.scopes.outside.iter();
        if let Some((_, ty)) = outside.find(|(free, _)| free == name) {
            return Some(binding(name, Meaning::Outside, ty.clone(), ""));
        }
        let row = NAMES.iter().find(|row| row.name == name);
        if let Some(found) = row.and_then(|row| self.root(row)) {
            return Some(found);
        }
        self.loop_variable(name)
    }

    /// Every bare name in scope: in the order of the table, then the variables of the loops,
    /// innermost first.
    #[must_use]
    pub fn names(&self) -> Vec<Binding> {
        let outside = self.scopes.outside.iter();
        let outside = outside.map(|(name, ty)| binding(name, Meaning::Outside, ty.clone(), ""));
        // `_error` is accepted for old pipelines, but not offered. The item of a loop is offered by
        // its own name, not as `item`.
        let rows = NAMES.iter().filter(|row| {
            let own = row.root != Root::Item || self.locals.item.is_some();
            own && !row.name.starts_with('_')
        });
        let rows = rows.filter_map(|row| self.root(row));
        outside.chain(rows).chain(self.loop_variables()).collect()
    }

    fn root(&self, row: &NameRow) -> Option<Binding> {
        self.stage?;
        let ty = match row.root {
            Root::Input => Some(self.scopes.input()),
            Root::Upstream | Root::Env | Root::Context => Some(Type::open()),
            Root::Data => self.locals.data.clone(),
            Root::Value => self.locals.value.clone(),
            Root::Error => self.is_reaction().then(error_type),
            Root::Item => match self.locals.item.clone() {
                Some(ty) => Some(ty),
                None => return self.loop_item(),
            },
        };
        Some(binding(row.name, Meaning::Root(row.root), ty?, row.doc))
    }

    /// Whether the stage runs in a catch or finally list, directly or through its owners.
    #[must_use]
    pub fn is_reaction(&self) -> bool {
        let reacts = |stage| self.graph.is_reaction(stage);
        self.stage.is_some_and(reacts)
    }

    /// Whether the stage runs in the body of a loop.
    #[must_use]
    pub fn is_in_loop(&self) -> bool {
        let inner = |stage| self.graph.loop_of(stage);
        self.stage.and_then(inner).is_some()
    }

    /// The item and index variables of the loops this stage runs in, the innermost first.
    #[must_use]
    pub fn loop_variables(&self) -> Vec<Binding> {
        let loops = self.loops_around();
        let variables = loops.flat_map(|names| [names.item(), names.index()]);
        variables.collect()
    }

    /// The names of the loops this stage runs in, the innermost first; at most [`MOST_LOOPS`].
    fn loops_around(&self) -> impl Iterator<Item = &'m LoopNames> + use<'m> {
        let (scopes, graph) = (self.scopes, self.graph);
        let stage = self.stage.into_iter();
        let loops = stage.flat_map(move |stage| graph.loops(stage).take(MOST_LOOPS));
        loops.filter_map(move |foreach| scopes.loops.get(&foreach))
    }

    /// What a bare `item` means in the body of a loop: the item of the innermost loop, whatever its
    /// variable is called. Exception: an outer loop whose variable really is called `item`.
    fn loop_item(&self) -> Option<Binding> {
        // The innermost loop comes first, so its own `item` wins over that of an outer loop.
        let called = self.loop_variable("item");
        called.or_else(|| Some(self.loops_around().next()?.item()))
    }

    /// The item or index variable with a name, of the innermost loop that has one.
    fn loop_variable(&self, name: &str) -> Option<Binding> {
        self.loops_around().find_map(|names| {
            let item = (names.item.0 == name).then(|| names.item());
            item.or_else(|| (names.index.0 == name).then(|| names.index()))
        })
    }

    /// What `context.NAME` refers to, not counting variables of `variable-set` stages.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<Binding> {
        self.loop_variable(name).or_else(|| {
            let mut facts = self.facts();
            facts.find(|fact| fact.name == name).map(of_fact)
        })
    }

    /// The facts that `context` has here.
    fn facts(&self) -> impl Iterator<Item = &'static Fact> + use<> {
        let in_loop = self.is_in_loop();
        FACTS.iter().filter(move |fact| in_loop || !fact.in_loops)
    }

    /// Looks up a variable by name; `None` when nothing sets it.
    pub(super) fn variable(&self, name: &str) -> Option<Found> {
        let before = self.stage.and_then(|reader| self.graph.before(reader));
        let is_before = |setters: &StageSet| before.is_some_and(|before| before.meets(setters));
        let set = self.scopes.variables.get(name);
        let any = &self.scopes.any_variable;
        // One setter that has certainly finished is enough: the variable then has a value.
        let certain = set.is_some_and(|set| is_before(&set.setters)) || is_before(any);
        let named = set.map(|set| set.ty.clone());
        let any = (!any.is_empty()).then_some(Type::Any);
        let ty = Type::union(named.into_iter().chain(any))?;
        Some(Found { ty, certain })
    }

    /// The names in [`Scope::context`], in the same order.
    pub(super) fn context_names(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        let loops = self.loops_around();
        let loops = loops.flat_map(|names| [&*names.item.0, &*names.index.0]);
        let variables = self.scopes.variables.keys().map(String::as_str);
        let facts = self.facts().map(|fact| fact.name);
        loops.chain(variables).chain(facts)
    }

    /// How many names [`Scope::context_names`] gives.
    pub(super) fn context_count(&self) -> usize {
        2 * self.loops_around().count() + self.scopes.variables.len() + self.facts().count()
    }

    /// Whether some stage sets a variable with this name.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.scopes.variables.contains_key(name)
    }

    /// Every name in `context`: the variables of the loops around, the variables that any stage
    /// sets, and the facts about the run.
    #[must_use]
    pub fn context(&self) -> Vec<Binding> {
        let variables = self.scopes.variables.iter().map(|(name, set)| {
            let meaning = Meaning::Context(name.clone());
            let mut variable = binding(name, meaning, set.ty.clone(), "");
            variable.definition = Some(set.definition);
            variable
        });
        let loops = self.loop_variables().into_iter();
        let facts = self.facts().map(of_fact);
        loops.chain(variables).chain(facts).collect()
    }
}

impl Binding {
    /// The expression that reads the name; `None` for names such as `env`, which are only read with
    /// a name after them.
    pub(super) fn expression(&self) -> Option<ExprKind> {
        Some(match &self.meaning {
            Meaning::Outside => ExprKind::Data,
            Meaning::Context(name) => ExprKind::Context(name.clone()),
            Meaning::Root(root) => match root {
                Root::Input => ExprKind::Input,
                Root::Upstream | Root::Env => return None,
                Root::Context => ExprKind::ContextAll,
                Root::Data => ExprKind::Data,
                Root::Item => ExprKind::Item,
                Root::Value => ExprKind::Value,
                Root::Error => ExprKind::ErrorInfo,
            },
        })
    }

    /// The table that the name is looked up in, when the pipeline defines the name.
    #[must_use]
    pub fn space(&self) -> Option<Space> {
        let named = matches!(self.meaning, Meaning::Context(_)) && self.doc.is_empty();
        named.then_some(Space::Context)
    }
}

fn of_fact(fact: &Fact) -> Binding {
    let meaning = Meaning::Context(fact.name.to_owned());
    binding(fact.name, meaning, shaped(fact.shape, &[]), fact.doc)
}

fn binding(name: &str, meaning: Meaning, ty: Type, doc: &'static str) -> Binding {
    Binding {
        name: name.to_owned(),
        meaning,
        ty,
        definition: None,
        doc,
    }
}

/// The type of `error`, which is null when nothing failed.
fn error_type() -> Type {
    let fields = [
        ("message", Type::STR),
        ("type", Type::STR),
        ("stage_id", Type::STR),
        ("status_code", Type::Int.or(Type::Null)),
    ];
    Type::closed(fields.map(|(name, ty)| (name.to_owned(), ty))).or(Type::Null)
}
