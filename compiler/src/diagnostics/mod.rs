//! Findings: their data, the catalogue of codes, and how findings are shown.
//!
//! Enters: what the stages of the compiler found. Leaves: one sorted list, written for people or
//! for machines. Every module may make findings; only `render` knows the output formats.

pub mod catalogue;

mod clip;
mod findings;
mod found;
mod meant;

pub mod explain;
pub mod fix;
pub mod render;
pub mod suggest;
pub mod suppress;

pub use catalogue::Code;
pub use findings::Findings;
pub use found::{Counted, Found, Mark};

use crate::source::Span;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The pipeline cannot be built.
    Error,
    /// Probably a mistake.
    Warning,
    /// Good to know.
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

/// A span, and a few words about what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The span.
    pub span: Span,
    /// What is there. Empty is allowed for a primary label only.
    pub message: String,
}

/// A replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace.
    pub span: Span,
    /// The new text; empty to delete.
    pub text: String,
}

/// A change to the file that a program can make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, as a command: "remove the comma".
    pub title: String,
    /// Whether the fix certainly keeps the author's meaning. `fmc check --fix` applies safe fixes
    /// without asking: "remove the comma" is safe, a did-you-mean is not.
    pub safe: bool,
    /// The edits; no two of them overlap.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which defect it is.
    pub code: Code,
    /// The severity of the code, or what configuration made of it.
    pub severity: Severity,
    /// What was found and what was expected; starts in lower case, without a final period.
    pub message: String,
    /// The smallest piece of text that is wrong.
    pub primary: Label,
    /// Related places: the stage, the first definition, the dependency.
    pub related: Vec<Label>,
    /// What to do about it, one sentence each.
    pub help: Vec<String>,
    /// A change that would mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with the severity of its code, a message and a place, and nothing else.
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

    /// Adds words to the primary place.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Adds a sentence of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a fix with a single edit.
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
