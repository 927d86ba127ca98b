//! From one text to findings, and to a model that is known to be free of errors.
//!
//! Enters: a file of a source map. Leaves: what each stage of the compiler made of it, and one
//! sorted list of findings. Only this module can make a [`CheckedModel`]. Must not know where the
//! text came from.

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

/// What the project's configuration and the command line ask of a check.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The levels of findings, from `[lints]`, `--deny`, `--warn` and `--allow`.
    pub levels: Levels,
    /// `[env] secret`: environment variables that are secret whatever they are called.
    pub secret: Vec<String>,
    /// `[env] optional`: environment variables that may be unset at run time.
    pub optional: Vec<String>,
    /// `[http] allow-hosts`: the only hosts that may be called. `None` when the project does not
    /// restrict them.
    pub allow_hosts: Option<Vec<String>>,
}

/// Everything that was made of a pipeline file. Cheap to clone, because the parts are shared.
#[derive(Clone, Debug)]
pub struct Checked {
    tree: Arc<Node>,
    model: Option<Arc<Model>>,
    findings: Arc<Findings>,
    allow_hosts: Option<Vec<String>>,
}

/// The model of a pipeline without errors. Only [`Checked::into_checked_model`] makes one, so code
/// can never be generated while an error stands.
#[derive(Clone, Debug)]
pub struct CheckedModel {
    model: Arc<Model>,
    allow_hosts: Option<Vec<String>>,
}

impl CheckedModel {
    /// The model of the pipeline.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The only hosts the program may call; `None` when the project does not restrict them.
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

    /// The JSON tree. Where the text could not be read it holds error nodes.
    #[must_use]
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The AST; `None` when the file is not a pipeline at all, which has a finding.
    #[must_use]
    pub fn ast(&self) -> Option<&ast::WrittenPipeline> {
        self.model().map(|model| &model.ast)
    }

    /// What was understood; `None` when there is no AST. While an error stands it may hold poison.
    #[must_use]
    pub fn model(&self) -> Option<&Model> {
        self.model.as_deref()
    }

    /// The same model as [`Checked::model`], shared, for callers that keep it (the editor).
    #[must_use]
    pub fn shared_model(&self) -> Option<Arc<Model>> {
        self.model.clone()
    }

    /// The findings, sorted.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Gives the model that code is generated from.
    ///
    /// # Errors
    /// The findings, when at least one of them is an error.
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

/// Gives the ids of all pipelines in the project. `None` when they are not known, for example
/// outside a project; then no finding says that an id of another pipeline is unknown.
pub type PipelineIds<'a> = &'a dyn Fn() -> Option<Arc<[String]>>;

/// Checks one file on its own, without a project. It returns a result for any text.
#[must_use]
pub fn check(sources: &SourceMap, file: FileId, settings: &Settings) -> Checked {
    check_in_project(sources, file, settings, &|| None)
}

/// Checks one file of a project. `ids` is called at most once, and only when the pipeline names
/// another one (by `extends`, or in a stage that runs a sub-pipeline), because answering may mean
/// reading every file of the project.
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

/// The id of the pipeline in a file; `None` when the file holds no pipeline.
#[must_use]
pub fn id_of(sources: &SourceMap, file: FileId) -> Option<String> {
    let source = sources.get(file)?;
    let (tree, _) = syntax::parse_file(file, source);
    ast::id_of(&tree, stem(&source.path))
}

/// The file name in a path, without folders and extension: `jobs/sweep.json` gives `sweep`.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
