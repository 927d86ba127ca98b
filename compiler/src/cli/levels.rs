//! The flags `--deny`, `--warn` and `--allow`.
//!
//! Enters: codes, names or `warnings`. Leaves: levels that override those of the project. `--deny`
//! beats `--warn`, which beats `--allow`. Must not know findings.

use clap::Args;

use crate::diagnostics::suppress::{Level, Levels};

/// The level flags.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct LevelFlags {
    /// Make a finding an error: a code, a name or `warnings`
    #[arg(long, value_name = "LINT")]
    deny: Vec<String>,
    /// Make a finding a warning
    #[arg(long, value_name = "LINT")]
    warn: Vec<String>,
    /// Hide a finding; errors cannot be hidden
    #[arg(long, value_name = "LINT")]
    allow: Vec<String>,
}

impl LevelFlags {
    /// The levels that the flags set.
    pub(super) fn levels(&self) -> Result<Levels, String> {
        let mut levels = Levels::default();
        for (flag, words, level) in [
            ("allow", &self.allow, Level::Allow),
            ("warn", &self.warn, Level::Warn),
            ("deny", &self.deny, Level::Error),
        ] {
            for word in words.iter().flat_map(|words| words.split(',')) {
                levels
                    .set(word, level)
                    .map_err(|error| format!("--{flag}: {}", error.message(word)))?;
            }
        }
        Ok(levels)
    }
}
