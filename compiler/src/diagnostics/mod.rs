//! Findings: their data, the catalogue of codes, and how they are shown.
//!
//! Enters: what the stages of the compiler found. Leaves: one sorted list, rendered for people
//! or machines. Every module may make findings; only `render` knows output formats.

pub mod catalogue;

mod findings;
mod meant;

pub mod explain;
pub mod fix;
pub mod render;
pub mod suggest;
pub mod suppress;

pub use catalogue::Code;
pub use findings::Findings;

use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Refuses the pipeline.
    Error,
    /// Worth a look.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place, and what is there in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty for a primary label.
    pub message: String,
}

/// A replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A machine-applicable change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// Whether it keeps the meaning and may be applied unseen.
    pub safe: bool,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which defect.
    pub code: Code,
    /// The code's severity, or what configuration made of it.
    pub severity: Severity,
    /// Lower case, no final period; found and expected.
    pub message: String,
    /// The smallest guilty text.
    pub primary: Label,
    /// Places on related code: the stage, the first definition, the dependency.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
    /// How to do it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with the catalogue's severity and nothing but a message and a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label {
                span,
                message: String::new(),
            },
            related: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// Words at the primary place.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Another place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// A line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// A fix of one edit.
    #[must_use]
    pub fn fix(
        mut self,
        title: impl Into<String>,
        safe: bool,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        let text = text.into();
        self.fix = Some(Fix {
            title: title.into(),
            safe,
            edits: vec![Edit { span, text }],
        });
        self
    }
}
