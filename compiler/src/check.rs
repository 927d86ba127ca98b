//! From one text to findings, and to an IR that is known to be free of errors.
//!
//! Enters: a file of a source map. Leaves: what every stage made of it, and one sorted list of
//! findings. The only place that makes a [`CheckedIr`].

use std::sync::Arc;

use crate::{
    analysis, ast,
    diagnostics::{
        Findings,
        suppress::{self, Levels},
    },
    ir::{self, Ir},
    source::{FileId, SourceMap, Span},
    syntax::{
        self,
        tree::{Node, NodeKind},
    },
};

/// What the project's configuration and the command line say about checking.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `[lints]`, `--deny`, `--warn`, `--allow`.
    pub levels: Levels,
    /// `[env] secret`: environment variables that are secret whatever their names.
    pub secret: Vec<String>,
    /// `[env] optional`: environment variables that need not be set.
    pub optional: Vec<String>,
    /// `[http] allow-hosts`: when given, the only hosts that may be called.
    pub allow_hosts: Option<Vec<String>>,
}

/// What was made of a pipeline file.
#[derive(Debug)]
pub struct Checked {
    tree: Node,
    ir: Option<Ir>,
    findings: Findings,
    allow_hosts: Option<Vec<String>>,
}

/// The IR of a pipeline without errors; cannot be made otherwise.
#[derive(Clone, Debug)]
pub struct CheckedIr {
    ir: Ir,
    allow_hosts: Option<Vec<String>>,
}

impl CheckedIr {
    /// The IR.
    #[must_use]
    pub fn ir(&self) -> &Ir {
        &self.ir
    }

    /// The only hosts the program may call, where the project names some.
    #[must_use]
    pub fn allow_hosts(&self) -> Option<&[String]> {
        self.allow_hosts.as_deref()
    }
}

impl Checked {
    fn nothing(file: FileId) -> Self {
        let span = Span {
            file,
            ..Span::default()
        };
        Self {
            tree: Node {
                kind: NodeKind::Error,
                span,
            },
            ir: None,
            findings: Findings::default(),
            allow_hosts: None,
        }
    }

    /// The JSON tree; error nodes where the text could not be read.
    #[must_use]
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The AST; none where the file is not a pipeline at all (reported).
    #[must_use]
    pub fn ast(&self) -> Option<&ast::Pipeline> {
        self.ir.as_ref().map(|ir| &ir.ast)
    }

    /// The IR; none where there is no AST. May hold poison while an error stands.
    #[must_use]
    pub fn ir(&self) -> Option<&Ir> {
        self.ir.as_ref()
    }

    /// What was found, sorted.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The IR for code generation.
    ///
    /// # Errors
    /// The findings, when an error is among them.
    pub fn into_checked_ir(self) -> Result<CheckedIr, Findings> {
        match self.ir {
            Some(ir) if !self.findings.has_errors() => Ok(CheckedIr {
                ir,
                allow_hosts: self.allow_hosts,
            }),
            _ => Err(self.findings),
        }
    }
}

/// Gives the ids of the project's pipelines; none where they are not known, so that nothing is
/// said of ids of other pipelines.
pub type PipelineIds<'a> = &'a dyn Fn() -> Option<Arc<[String]>>;

/// Checks one file of a source map, of whose project nothing is known. Whatever it holds, there
/// is a result.
#[must_use]
pub fn check(sources: &SourceMap, file: FileId, settings: &Settings) -> Checked {
    check_in_project(sources, file, settings, &|| None)
}

/// Checks one file of a project. `ids` is asked at most once, and only where the pipeline names
/// another one (`extends`, or a stage that runs a sub-pipeline): whoever answers may have to read
/// the whole project for it.
#[must_use]
pub fn check_in_project(
    sources: &SourceMap,
    file: FileId,
    settings: &Settings,
    ids: PipelineIds<'_>,
) -> Checked {
    let Some(source) = sources.get(file) else {
        return Checked::nothing(file);
    };
    let (tree, mut found) = syntax::parse_file(file, source);
    let (ast, mut shape) = ast::lower(&tree, file, stem(&source.path));
    found.append(&mut shape);
    let ir = ast.map(|ast| {
        let (ir, mut meaning) = ir::lower(ast, sources, &settings.secret, &settings.optional);
        found.append(&mut meaning);
        let names_others = ir.parent().is_some() || ir.subpipelines().next().is_some();
        let known = if names_others { ids() } else { None };
        found.append(&mut ir::check_pipelines(&ir, known.as_deref()));
        found.append(&mut analysis::run(&ir));
        ir
    });
    let allows = ir.as_ref().map_or(&[][..], |ir| &ir.ast.allows);
    let findings = suppress::apply(found, &settings.levels, allows);
    Checked {
        tree,
        ir,
        findings,
        allow_hosts: settings.allow_hosts.clone(),
    }
}

/// The id of the pipeline a file holds; none where it holds none.
#[must_use]
pub fn id_of(sources: &SourceMap, file: FileId) -> Option<String> {
    let source = sources.get(file)?;
    let (tree, _) = syntax::parse_file(file, source);
    ast::id_of(&tree, stem(&source.path))
}

/// The name of a path without folders and extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
