//! From one text to findings, and to a model that is known to be free of errors.
//!
//! Enters: a file of a source map. Leaves: what every stage made of it, and one sorted list of
//! findings. The only place that makes a [`CheckedModel`].

use std::sync::Arc;

use crate::{
    analysis::{self, Subject},
    ast,
    diagnostics::{
        Findings,
        suppress::{self, Levels},
    },
    facts::Configured,
    model::Model,
    source::{FileId, SourceMap, Span},
    syntax::{
        self,
        tree::{Node, NodeKind},
    },
    understand::understand,
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

/// What was made of a pipeline file. Cheap to clone: what was understood is shared.
#[derive(Clone, Debug)]
pub struct Checked {
    tree: Arc<Node>,
    model: Option<Arc<Model>>,
    findings: Arc<Findings>,
    allow_hosts: Option<Vec<String>>,
}

/// The model of a pipeline without errors; cannot be made otherwise.
#[derive(Clone, Debug)]
pub struct CheckedModel {
    model: Arc<Model>,
    allow_hosts: Option<Vec<String>>,
}

impl CheckedModel {
    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
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
        let tree = Node {
            kind: NodeKind::Error,
            span,
        };
        Self {
            tree: Arc::new(tree),
            model: None,
            findings: Arc::default(),
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
    pub fn ast(&self) -> Option<&ast::WrittenPipeline> {
        self.model().map(|model| &model.ast)
    }

    /// What was understood; none where there is no AST. May hold poison while an error stands.
    #[must_use]
    pub fn model(&self) -> Option<&Model> {
        self.model.as_deref()
    }

    /// What was understood, to be kept for as long as somebody asks.
    #[must_use]
    pub fn shared_model(&self) -> Option<Arc<Model>> {
        self.model.clone()
    }

    /// What was found, sorted.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The model for code generation.
    ///
    /// # Errors
    /// The findings, when an error is among them.
    pub fn into_checked_model(self) -> Result<CheckedModel, Arc<Findings>> {
        match self.model {
            Some(model) if !self.findings.has_errors() => Ok(CheckedModel {
                model,
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
    let configured = Configured {
        secret: &settings.secret,
        optional: &settings.optional,
    };
    let model = ast.map(|ast| understand(ast, configured, &mut found));
    if let Some(model) = &model {
        let names_others = model.parent().is_some() || model.subpipelines().next().is_some();
        let known = if names_others { ids() } else { None };
        let subject = Subject {
            model,
            pipelines: known.as_deref(),
        };
        analysis::run(subject, &mut found);
    }
    let allows = model.as_ref().map_or(&[][..], |model| &model.ast.allows);
    let findings = suppress::apply(found, &settings.levels, allows);
    Checked {
        tree: Arc::new(tree),
        model: model.map(Arc::new),
        findings: Arc::new(findings),
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
