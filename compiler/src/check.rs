//! From one text to findings, and to an IR that is known to be free of errors.
//!
//! Enters: a file of a source map. Leaves: what every stage made of it, and one sorted list of
//! findings. The only place that makes a [`CheckedIr`].

use crate::{ast, diagnostics::Findings, ir::Ir, syntax::tree::Node};

/// What was made of a pipeline file.
#[derive(Debug)]
pub struct Checked {
    tree: Node,
    ast: Option<ast::Pipeline>,
    ir: Option<Ir>,
    findings: Findings,
}

/// The IR of a pipeline without errors; cannot be made otherwise.
#[derive(Clone, Debug)]
pub struct CheckedIr(Ir);

impl CheckedIr {
    /// The IR.
    #[must_use]
    pub fn ir(&self) -> &Ir {
        &self.0
    }
}

impl Checked {
    /// The JSON tree; error nodes where the text could not be read.
    #[must_use]
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The AST; none where the file is not a pipeline at all (reported).
    #[must_use]
    pub fn ast(&self) -> Option<&ast::Pipeline> {
        self.ast.as_ref()
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
            Some(ir) if !self.findings.has_errors() => Ok(CheckedIr(ir)),
            _ => Err(self.findings),
        }
    }
}
