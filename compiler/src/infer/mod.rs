//! From a skeleton's settings to typed values: every expression of a pipeline, in the order of the
//! graph.
//!
//! Enters: a skeleton and its graph. Leaves: stages with typed settings and outputs, the meaning of
//! every name, the reads of outputs, and findings of families 02, 03 and 05 (and 04 when a value
//! does not fit its field). What could not be understood is poison and has one finding. Must not
//! know how the skeleton was resolved, nor which checks follow.

mod access;

mod call;

mod comprehension;

mod context;

mod expression;

mod fits;

mod names;

mod nearest;

mod operators;

mod outputs;

mod returns;

mod scope;

mod stage_reads;

mod stages;

mod values;

mod variables;

pub use scope::{Binding, Locals, Meaning, Scope, Scopes};

use std::sync::Arc;

use fmc_expr::parse;

use crate::{
    ast::{
        self,
        template::{Embedded, report},
    },
    diagnostics::{Diagnostic, Found},
    ir::{
        Stage, StageId,
        expr::{ExprId, Expression},
        graph::Graph,
        uses::{Read, Space, Uses},
    },
    resolve::{Skeleton, Trusts},
    schema,
    source::{FileId, Span},
    syntax::tree::{JsonString, Node},
    trust::Trust,
    types::Type,
};

/// What is known before expressions are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Resolved<'a> {
    /// The pipeline as written.
    pub ast: &'a ast::WrittenPipeline,
    /// Its components, settings and lists of stages.
    pub skeleton: &'a Skeleton<'a>,
    /// Its graph.
    pub graph: &'a Graph,
    /// What may be judged about it.
    pub trust: &'a Trusts,
}

/// Everything that inference found out.
#[derive(Debug)]
pub struct Inferred {
    /// The stages, in document order.
    pub stages: Vec<Stage>,
    /// The expressions; an expression's id is its index.
    pub exprs: Vec<Arc<Expression>>,
    /// The names at every place.
    pub scopes: Scopes,
    /// Which stage reads the output of which, in order of reader and position.
    pub reads: Vec<Read>,
    /// The uses of environment variables, in the order in which the stages were understood.
    pub env: Vec<EnvRead>,
}

/// One use of an environment variable.
#[derive(Clone, Debug)]
pub struct EnvRead {
    /// Its name.
    pub name: String,
    /// The span of the use.
    pub span: Span,
    /// Whether the expression has a replacement for an unset variable, as `env.X or 'a'` has. Set
    /// by inference; `facts::environment` reads it: a variable is required if one use is not
    /// guarded.
    pub guarded: bool,
}

/// The state of inference.
struct Infer<'a> {
    skeleton: &'a Skeleton<'a>,
    graph: &'a Graph,
    trust: &'a Trusts,
    found: &'a mut Found,
    uses: &'a mut Uses,
    scopes: Scopes,
    exprs: Vec<Arc<Expression>>,
    reads: Vec<Read>,
    env: Vec<EnvRead>,
    nearest: nearest::Nearest,
}

/// Where a value is, and which extra names it can use.
#[derive(Clone, Debug, Default)]
struct Spot {
    stage: Option<StageId>,
    /// The configuration path so far, like `config.body.fields[0]`.
    path: String,
    locals: Locals,
}

impl Spot {
    fn new(stage: StageId, path: impl Into<String>) -> Self {
        Self {
            stage: Some(stage),
            path: path.into(),
            locals: Locals::default(),
        }
    }

    /// Calls a function with the path extended by one step.
    fn below<T>(
        &mut self,
        step: std::fmt::Arguments<'_>,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let length = self.path.len();
        // Writing to a string cannot fail.
        let _ = std::fmt::Write::write_fmt(&mut self.path, step);
        let result = inside(self);
        self.path.truncate(length);
        result
    }
}

/// Infers the types of a pipeline.
pub fn infer(known: Resolved<'_>, uses: &mut Uses, found: &mut Found) -> Inferred {
    let Resolved {
        ast,
        skeleton,
        graph,
        trust,
    } = known;
    let schemas = [&ast.input_schema, &ast.output_schema];
    for schema in schemas.into_iter().flatten() {
        schema::check(schema, found);
    }
    let mut infer = Infer::new(skeleton, graph, trust, uses, found);
    if let Some(schema) = &ast.input_schema {
        infer.define_inputs(schema);
        // When a pipeline inherits, schemas in other files are part of its own, so its input is not
        // known.
        infer.scopes.input = (!ast.inherits()).then(|| schema::type_of(schema));
    }
    infer.loops();
    let mut stages = infer.stages(ast);
    for stage in &mut stages {
        stage.output = infer.scopes.output(stage.id);
    }
    let mut reads = infer.reads;
    reads.sort_by_key(|read| (read.reader, read.span));
    Inferred {
        stages,
        exprs: infer.exprs,
        scopes: infer.scopes,
        reads,
        env: infer.env,
    }
}

impl<'a> Infer<'a> {
    fn new(
        skeleton: &'a Skeleton<'a>,
        graph: &'a Graph,
        trust: &'a Trusts,
        uses: &'a mut Uses,
        found: &'a mut Found,
    ) -> Self {
        Self {
            skeleton,
            graph,
            trust,
            found,
            uses,
            scopes: Scopes::of_stages(skeleton.stages.len()),
            exprs: Vec::new(),
            reads: Vec::new(),
            env: Vec::new(),
            nearest: nearest::Nearest::default(),
        }
    }

    fn define_inputs(&mut self, schema: &Node) {
        let properties = schema.field("properties").and_then(Node::object);
        for entry in properties.into_iter().flatten() {
            let key = &entry.key;
            self.uses.define(Space::Input, &key.text, key.inner());
        }
    }

    /// The id that the expression being typed will have.
    fn next_expression(&self) -> ExprId {
        ExprId(u32::try_from(self.exprs.len()).unwrap_or(u32::MAX))
    }

    /// Whether all owners and the whole order are known, so that a name may be called out of scope.
    fn knows_scopes(&self) -> bool {
        self.trust.knows_scopes(self.graph)
    }
}

/// The type of an expression outside a pipeline, given the types of the names it may use.
///
/// # Errors
/// The findings about the expression, syntax errors first. Their spans are bytes of `text`; they
/// belong to no file.
pub fn infer_expression(text: &str, names: &[(String, Type)]) -> Result<Type, Vec<Diagnostic>> {
    let parsed = parse::parse(text);
    let string = JsonString::verbatim(FileId::default(), text);
    let embedded = Embedded {
        expr: parsed.expr,
        text: text.to_owned(),
        offset: 0,
        range: 0..text.len(),
        trust: Trust::Sound,
    };
    if !parsed.errors.is_empty() {
        return Err(report(&string, &embedded, &parsed.errors).into_parts().0);
    }
    let (mut uses, mut found) = (Uses::default(), Found::default());
    let (skeleton, graph, trust) = (Skeleton::default(), Graph::default(), Trusts::default());
    let mut infer = Infer::new(&skeleton, &graph, &trust, &mut uses, &mut found);
    infer.scopes = Scopes::outside(names);
    let expr = infer.expression(&Spot::default(), &string, &embedded);
    let missing = uses.names().flat_map(|(.., name)| &name.missing);
    found.extend(missing.filter_map(|missing| missing.finding.as_deref().cloned()));
    if found.is_empty() {
        return Ok(expr.ty);
    }
    Err(found.into_parts().0)
}
