//! The runtime's items that generated source uses, and the imports for them.
//!
//! Enters: a request for an item. Leaves: its short name, with the import recorded. The only place
//! that knows paths of the runtime: when the runtime renames something, this file changes.

use std::collections::{BTreeMap, BTreeSet};

use super::rust::RustType;

/// An item of the runtime: the module it is imported from, and its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuntimeItem {
    module: &'static str,
    name: &'static str,
}

impl RuntimeItem {
    /// Its name as it is written.
    pub(super) const fn name(self) -> &'static str {
        self.name
    }
}

const fn item(module: &'static str, name: &'static str) -> RuntimeItem {
    RuntimeItem { module, name }
}

const RUNTIME: &str = "fmc_runtime";
const EXPR: &str = "fmc_runtime::expr";
const PLAN: &str = "fmc_runtime::plan";

pub(super) const LAZY_LOCK: RuntimeItem = item("std::sync", "LazyLock");
pub(super) const EXIT_CODE: RuntimeItem = item("std::process", "ExitCode");

pub(super) const CX: RuntimeItem = item(EXPR, "Cx");
pub(super) const EVAL_ERROR: RuntimeItem = item(EXPR, "EvalError");
pub(super) const VALUE: RuntimeItem = item(EXPR, "Value");
pub(super) const MAP: RuntimeItem = item(EXPR, "Map");
pub(super) const STR: RuntimeItem = item(EXPR, "Str");
pub(super) const OPS: RuntimeItem = item(EXPR, "ops");
pub(super) const BUILTINS: RuntimeItem = item(EXPR, "builtins");
pub(super) const TEXT: RuntimeItem = item(EXPR, "text");
pub(super) const FORMAT: RuntimeItem = item(EXPR, "format");

pub(super) const SCOPE: RuntimeItem = item("fmc_runtime::scope", "Scope");
pub(super) const RENDER: RuntimeItem = item(RUNTIME, "render");
pub(super) const NODE: RuntimeItem = item("fmc_runtime::render", "ConfigNode");
pub(super) const COMPONENT: RuntimeItem = item(RUNTIME, "component");
pub(super) const DYNAMIC: RuntimeItem = item(RUNTIME, "dynamic");

pub(super) const OUTCOME: RuntimeItem = item(PLAN, "Outcome");
pub(super) const EXPRESSION: RuntimeItem = item(PLAN, "Expression");
pub(super) const STAGE: RuntimeItem = item(PLAN, "StagePlan");
pub(super) const KIND: RuntimeItem = item(PLAN, "StageKind");
pub(super) const DEFERRED: RuntimeItem = item(PLAN, "Deferred");
pub(super) const STAGE_INDEX: RuntimeItem = item(PLAN, "StageIndex");
pub(super) const DEPENDENCY: RuntimeItem = item(PLAN, "DependencyPlan");
pub(super) const ON_ERROR: RuntimeItem = item(PLAN, "OnError");
pub(super) const ENV_VAR: RuntimeItem = item(PLAN, "EnvVar");
pub(super) const PIPELINE: RuntimeItem = item(PLAN, "PipelinePlan");

/// The module of the builtins that need regular expressions.
pub(super) const REGEX: &str = "builtins::regex::";

/// The imports of one program.
#[derive(Debug, Default)]
pub(super) struct Imports {
    modules: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Imports {
    /// The name to write for an item; the import is recorded.
    pub(super) fn name(&mut self, item: RuntimeItem) -> &'static str {
        self.modules
            .entry(item.module)
            .or_default()
            .insert(item.name);
        item.name
    }

    /// `&Scope<'_>`
    pub(super) fn scope(&mut self) -> RustType {
        RustType::new(self.name(SCOPE)).of(&["'_"]).borrowed()
    }

    /// The `use` lines, sorted and wrapped the way rustfmt does it.
    pub(super) fn lines(&self) -> String {
        let mut out = String::new();
        // rustfmt sorts lists after longer paths: `a::{…}` comes after `a::b::…`.
        let mut modules: Vec<_> = self.modules.iter().collect();
        modules.sort_by_key(|(module, names)| {
            let end = match names.first() {
                Some(only) if names.len() == 1 => *only,
                _ => "{",
            };
            format!("{module}::{end}")
        });
        for (module, names) in modules {
            let names: Vec<_> = names.iter().copied().collect();
            out.push_str(&use_line(module, &names));
        }
        out
    }
}

fn use_line(module: &str, names: &[&str]) -> String {
    if let [only] = names {
        return format!("use {module}::{only};\n");
    }
    let one = format!("use {module}::{{{}}};\n", names.join(", "));
    if one.len() <= 101 {
        return one;
    }
    let mut out = format!("use {module}::{{\n   ");
    let mut width = 3;
    for name in names {
        if width + name.len() + 2 > 100 {
            out.push_str("\n   ");
            width = 3;
        }
        out.push_str(&format!(" {name},"));
        width += name.len() + 2;
    }
    out.push_str("\n};\n");
    out
}
