//! Pipelines built by hand, for tests. What the compiler finds out from the text (owners, loops,
//! conditional dependencies) is found out from drafts here.
//!
//! Enters: drafts. Leaves: `static` tables like those of generated code; their memory is leaked.

use std::collections::{BTreeSet, HashMap};

use fmc_expr::Value;

use crate::{
    base::retry::OnError,
    component::{Component, JSON_TRANSFORM},
    host::environment::EnvVar,
    plan::{DependencyPlan, PipelinePlan, StageKind, StagePlan},
    run::store::StageIndex,
    scope::{Deferred, Render},
};

/// What a draft of a stage does. Its members are ids.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    Leaf(&'static Component),
    Router(Vec<(String, Vec<String>)>, Option<Vec<String>>),
    Conditional(Vec<String>, Vec<String>),
    TryCatch(Vec<String>, Vec<String>, Vec<String>),
    Foreach(Vec<String>),
    Return,
}

/// A draft of a stage.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) does: Does,
    pub(crate) after: Vec<String>,
    pub(crate) enabled: bool,
    pub(crate) config: Render,
    pub(crate) deferred: Vec<(&'static str, Deferred)>,
    pub(crate) on_error: OnError,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) fallback: Option<Render>,
    pub(crate) observed: bool,
}

fn names(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn draft(id: &str, does: Does) -> Draft {
    Draft {
        id: id.to_owned(),
        does,
        after: Vec::new(),
        enabled: true,
        config: |_| Ok(Value::object(fmc_expr::Map::new())),
        deferred: Vec::new(),
        on_error: OnError::Fail,
        timeout_ms: None,
        fallback: None,
        observed: false,
    }
}

/// A stage that passes on its `data`, unless [`Draft::runs`] says otherwise.
pub(crate) fn leaf(id: &str) -> Draft {
    draft(id, Does::Leaf(&JSON_TRANSFORM))
}

/// `routes` are keys, each with a list of ids like `x y`; `default` is such a list too.
pub(crate) fn router(id: &str, routes: &[(&str, &str)], default: Option<&str>) -> Draft {
    let routes = routes
        .iter()
        .map(|(key, list)| ((*key).to_owned(), names(list)));
    draft(id, Does::Router(routes.collect(), default.map(names)))
}

pub(crate) fn conditional(id: &str, on_true: &str, on_false: &str) -> Draft {
    draft(id, Does::Conditional(names(on_true), names(on_false)))
}

pub(crate) fn trycatch(id: &str, body: &str, catch: &str, finally: &str) -> Draft {
    draft(
        id,
        Does::TryCatch(names(body), names(catch), names(finally)),
    )
}

pub(crate) fn foreach(id: &str, body: &str) -> Draft {
    draft(id, Does::Foreach(names(body)))
}

pub(crate) fn returns(id: &str) -> Draft {
    draft(id, Does::Return)
}

impl Draft {
    pub(crate) fn after(mut self, ids: &str) -> Self {
        self.after = names(ids);
        self
    }

    pub(crate) fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }

    pub(crate) fn runs(mut self, component: &'static Component) -> Self {
        self.does = Does::Leaf(component);
        self
    }

    pub(crate) fn config(mut self, config: Render) -> Self {
        self.config = config;
        self
    }

    pub(crate) fn deferred(mut self, field: &'static str, render: Render) -> Self {
        self.deferred.push((field, Deferred::Render(render)));
        self
    }

    pub(crate) fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = on_error;
        self
    }

    pub(crate) fn fallback(mut self, render: Render) -> Self {
        self.fallback = Some(render);
        self
    }

    pub(crate) fn timeout(mut self, ms: u64) -> Self {
        self.timeout_ms = Some(ms);
        self
    }

    pub(crate) fn observed(mut self) -> Self {
        self.observed = true;
        self
    }

    fn lists(&self) -> Vec<&Vec<String>> {
        match &self.does {
            Does::Router(routes, default) => {
                routes.iter().map(|(_, list)| list).chain(default).collect()
            }
            Does::Conditional(a, b) => vec![a, b],
            Does::TryCatch(a, b, c) => vec![a, b, c],
            Does::Foreach(a) => vec![a],
            Does::Leaf(_) | Does::Return => Vec::new(),
        }
    }
}

struct Shape {
    index: HashMap<String, StageIndex>,
    owners: Vec<Vec<StageIndex>>,
}

impl Shape {
    fn new(drafts: &[Draft]) -> Self {
        let index = drafts
            .iter()
            .zip(0..)
            .map(|(draft, at)| (draft.id.clone(), at))
            .collect();
        let mut shape = Self {
            index,
            owners: vec![Vec::new(); drafts.len()],
        };
        for (draft, at) in drafts.iter().zip(0..) {
            let owned: BTreeSet<_> = draft
                .lists()
                .into_iter()
                .flatten()
                .map(|id| shape.of(id))
                .collect();
            for stage in owned {
                shape.owners[stage as usize].push(at);
            }
        }
        shape
    }

    fn of(&self, id: &str) -> StageIndex {
        *self
            .index
            .get(id)
            .unwrap_or_else(|| panic!("no stage `{id}`"))
    }

    fn list(&self, ids: &[String]) -> &'static [StageIndex] {
        leak(ids.iter().map(|id| self.of(id)).collect())
    }

    fn foreach_of(
        &self,
        drafts: &[Draft],
        stage: StageIndex,
        seen: &mut Vec<StageIndex>,
    ) -> Option<StageIndex> {
        if seen.contains(&stage) {
            return None;
        }
        seen.push(stage);
        self.owners[stage as usize]
            .iter()
            .find_map(|owner| match drafts[*owner as usize].does {
                Does::Foreach(_) => Some(*owner),
                Does::Leaf(_)
                | Does::Router(..)
                | Does::Conditional(..)
                | Does::TryCatch(..)
                | Does::Return => self.foreach_of(drafts, *owner, seen),
            })
    }

    fn conditional(&self, drafts: &[Draft], stage: StageIndex, seen: &mut Vec<StageIndex>) -> bool {
        if seen.contains(&stage) {
            return false;
        }
        seen.push(stage);
        let draft = &drafts[stage as usize];
        !draft.enabled
            || !self.owners[stage as usize].is_empty()
            || draft
                .after
                .iter()
                .any(|id| self.conditional(drafts, self.of(id), seen))
    }
}

fn leak<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

fn text(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The table of stages.
pub(crate) fn stages(drafts: &[Draft]) -> &'static [StagePlan] {
    let shape = Shape::new(drafts);
    let build = |(draft, at): (&Draft, StageIndex)| {
        let kind = match &draft.does {
            Does::Leaf(component) => StageKind::Leaf(component),
            Does::Router(routes, default) => StageKind::Router {
                routes: leak(
                    routes
                        .iter()
                        .map(|(key, list)| (text(key), shape.list(list)))
                        .collect(),
                ),
                default: default.as_ref().map(|list| shape.list(list)),
            },
            Does::Conditional(yes, no) => StageKind::Conditional {
                on_true: shape.list(yes),
                on_false: shape.list(no),
            },
            Does::TryCatch(body, catch, finally) => StageKind::TryCatch {
                body: shape.list(body),
                catch: shape.list(catch),
                finally: shape.list(finally),
            },
            Does::Foreach(body) => StageKind::Foreach {
                body: shape.list(body),
                item: "item",
                index: "index",
            },
            Does::Return => StageKind::Return,
        };
        let depends_on = draft.after.iter().map(|id| DependencyPlan {
            stage: shape.of(id),
            conditional: shape.conditional(drafts, shape.of(id), &mut Vec::new()),
        });
        StagePlan {
            id: text(&draft.id),
            kind,
            config: draft.config,
            deferred: leak(draft.deferred.clone()),
            depends_on: leak(depends_on.collect()),
            owners: leak(shape.owners[at as usize].clone()),
            foreach: shape.foreach_of(drafts, at, &mut Vec::new()),
            enabled: draft.enabled,
            timeout_ms: draft.timeout_ms,
            on_error: draft.on_error,
            fallback: draft.fallback,
            status_observed: draft.observed,
        }
    };
    leak(drafts.iter().zip(0..).map(build).collect())
}

/// A pipeline whose output is the output of the stage `output`.
pub(crate) fn pipeline(drafts: &[Draft], output: &str, env: Vec<EnvVar>) -> &'static PipelinePlan {
    let stages = stages(drafts);
    let output = stages
        .iter()
        .zip(0..)
        .find(|(stage, _)| stage.id == output)
        .map(|(_, at)| at);
    Box::leak(Box::new(PipelinePlan {
        id: "test",
        name: "Test",
        version: "1.2.3",
        hash: "00",
        compiler: "0.1.0",
        stages,
        output,
        env: leak(env),
        hosts: &[],
        input_schema: None,
        output_schema: None,
        allow_hosts: None,
        sample_input: None,
    }))
}
