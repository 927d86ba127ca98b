//! The runtime's items that generated source names, and the imports they need.
//!
//! Enters: a request for an item. Leaves: its short name, with the import noted. The only place
//! that knows the runtime's paths; a rename there is an edit here.

use std::collections::{BTreeMap, BTreeSet};

use super::rust::Type;

/// An item of the runtime: the module that is imported from, and the name it is used by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    module: &'static str,
    name: &'static str,
}

const fn item(module: &'static str, name: &'static str) -> Item {
    Item { module, name }
}

const RUNTIME: &str = "fmc_runtime";
const EXPR: &str = "fmc_runtime::expr";
const PLAN: &str = "fmc_runtime::plan";

pub(super) const LAZY_LOCK: Item = item("std::sync", "LazyLock");
pub(super) const EXIT_CODE: Item = item("std::process", "ExitCode");

pub(super) const CX: Item = item(EXPR, "Cx");
pub(super) const EVAL_ERROR: Item = item(EXPR, "EvalError");
pub(super) const VALUE: Item = item(EXPR, "Value");
pub(super) const MAP: Item = item(EXPR, "Map");
pub(super) const STR: Item = item(EXPR, "Str");
pub(super) const OPS: Item = item(EXPR, "ops");
pub(super) const BUILTINS: Item = item(EXPR, "builtins");
pub(super) const TEXT: Item = item(EXPR, "text");
pub(super) const FORMAT: Item = item(EXPR, "format");

pub(super) const SCOPE: Item = item("fmc_runtime::scope", "Scope");
pub(super) const RENDER: Item = item(RUNTIME, "render");
pub(super) const NODE: Item = item("fmc_runtime::render", "Node");
pub(super) const COMPONENT: Item = item(RUNTIME, "component");
pub(super) const DYNAMIC: Item = item(RUNTIME, "dynamic");

pub(super) const OUTCOME: Item = item(PLAN, "Outcome");
pub(super) const EXPRESSION: Item = item(PLAN, "Expression");
pub(super) const STAGE: Item = item(PLAN, "Stage");
pub(super) const KIND: Item = item(PLAN, "Kind");
pub(super) const DEFERRED: Item = item(PLAN, "Deferred");
pub(super) const STAGE_INDEX: Item = item(PLAN, "StageIndex");
pub(super) const DEPENDENCY: Item = item(PLAN, "Dependency");
pub(super) const ON_ERROR: Item = item(PLAN, "OnError");
pub(super) const ENV_VAR: Item = item(PLAN, "EnvVar");
pub(super) const PIPELINE: Item = item(PLAN, "Pipeline");

/// Where the builtins live that need regular expressions.
pub(super) const REGEX: &str = "builtins::regex::";

/// The imports of one program.
#[derive(Debug, Default)]
pub(super) struct Imports {
    modules: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

impl Imports {
    /// The name to write for an item.
    pub(super) fn name(&mut self, item: Item) -> &'static str {
        self.modules
            .entry(item.module)
            .or_default()
            .insert(item.name);
        item.name
    }

    /// `&Scope<'_>`
    pub(super) fn scope(&mut self) -> Type {
        Type::new(self.name(SCOPE)).of(&["'_"]).borrowed()
    }

    /// `use` lines, sorted and wrapped as rustfmt has them.
    pub(super) fn lines(&self) -> String {
        let mut out = String::new();
        // Lists sort behind paths that go on: `a::{…}` stands after `a::b::…`.
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
