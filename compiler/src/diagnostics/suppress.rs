//! Levels: how configuration, the command line and `$allow` change findings.
//!
//! Enters: findings, levels and the `$allow`s of a file. Leaves: the findings to show, with their
//! severities, and findings about the `$allow`s themselves. Errors cannot be allowed or lowered,
//! because a pipeline with an error cannot be built. Must not know what finds a defect.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Code, Diagnostic, Findings, Found, Severity, catalogue::unknown, found::Counted, suggest,
};
use crate::source::Span;

/// A level, as written in `[lints]` and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The pipeline cannot be built.
    Error,
    /// Shown, as a warning.
    Warn,
    /// Not shown.
    Allow,
}

/// The word that means every warning, as in `--deny warnings`.
pub const WARNINGS: &str = "warnings";

/// The level of each code that does not have the level of the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    codes: BTreeMap<Code, Level>,
    warnings: Option<Level>,
}

/// Why a level cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelError {
    /// No finding has that code or name. Holds the nearest name, if one is near.
    Unknown(Option<&'static str>),
    /// The code is an error and must stay one.
    NotAllowable(Code),
}

impl LevelError {
    /// The refusal as a finding at the place of the word.
    #[must_use]
    pub fn finding(&self, word: &str, place: Span) -> Diagnostic {
        match self {
            Self::Unknown(near) => Diagnostic::new(Code::UnknownLint, place, unknown(word, None))
                .guessed(*near, [place], |found| {
                    found.help("`fmc explain --all` lists all codes and names")
                }),
            Self::NotAllowable(code) => {
                Diagnostic::new(Code::NotAllowable, place, not_allowable(*code))
            }
        }
    }

    /// The refusal in one line, for the command line.
    #[must_use]
    pub fn message(&self, word: &str) -> String {
        match self {
            Self::Unknown(near) => unknown(word, *near),
            Self::NotAllowable(code) => not_allowable(*code),
        }
    }
}

fn not_allowable(code: Code) -> String {
    format!(
        "`{}` is an error: errors cannot be allowed or made warnings",
        code.name()
    )
}

impl Levels {
    /// Sets the level of a code (`FMC0412`), a name (`unknown-key`) or of `warnings`. A later call
    /// overrides an earlier one.
    ///
    /// # Errors
    /// For unknown words, and for an error that would be lowered.
    pub fn set(&mut self, word: &str, level: Level) -> Result<(), LevelError> {
        if word == WARNINGS {
            self.warnings = Some(level);
            return Ok(());
        }
        let code = find(word)?;
        if code.severity() == Severity::Error && level != Level::Error {
            return Err(LevelError::NotAllowable(code));
        }
        self.codes.insert(code, level);
        Ok(())
    }

    /// Takes over every level that `other` sets. Used to let the command line override the project.
    pub fn override_with(&mut self, other: &Self) {
        self.codes.extend(&other.codes);
        self.warnings = other.warnings.or(self.warnings);
    }

    /// The severity to show a finding with; `None` when it is not shown.
    fn severity(&self, code: Code, severity: Severity) -> Option<Severity> {
        if severity == Severity::Error {
            return Some(Severity::Error);
        }
        let warnings = self.warnings.filter(|_| severity == Severity::Warning);
        match self.codes.get(&code).copied().or(warnings) {
            None => Some(severity),
            Some(Level::Error) => Some(Severity::Error),
            // `--deny warnings` also applies to findings that another level made warnings.
            Some(Level::Warn) if self.warnings == Some(Level::Error) => Some(Severity::Error),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Allow) => None,
        }
    }
}

fn find(word: &str) -> Result<Code, LevelError> {
    Code::find(word).ok_or_else(|| {
        let names = Code::ALL.iter().map(|code| code.name());
        LevelError::Unknown(suggest::nearest(word, names))
    })
}

/// One `$allow` of a file.
#[derive(Clone, Debug)]
pub struct Allow {
    /// The object that contains it. It applies to findings inside that object.
    pub scope: Span,
    /// The codes or names as written, with their spans.
    pub entries: Vec<(String, Span)>,
}

impl Allow {
    fn covers(&self, place: Span) -> bool {
        self.scope.file == place.file
            && self.scope.start <= place.start
            && place.end <= self.scope.end
    }
}

/// Applies first the `$allow`s of a file, then the levels, to the findings of that file.
#[must_use]
pub fn apply(found: impl Into<Found>, levels: &Levels, allows: &[Allow]) -> Findings {
    let (list, counted) = found.into().into_parts();
    let mut places = Places::new(&list, &counted);
    // Added after all `$allow`s were applied, so that no `$allow` can hide a finding about another
    // one.
    let about = places.allow(allows);
    let (mut allowed, severity) = (places.allowed.into_iter(), |code, severity| {
        levels.severity(code, severity)
    });
    let mut stays = || !allowed.next().unwrap_or(false);
    let mut all: Vec<_> = list.into_iter().filter(|_| stays()).collect();
    let mut counted: Vec<_> = counted.into_iter().filter(|_| stays()).collect();
    let (about, more) = about.into_parts();
    all.extend(about);
    counted.extend(more);
    let all = all.into_iter().filter_map(|found| {
        let severity = severity(found.code, found.severity)?;
        Some(Diagnostic { severity, ..found })
    });
    let counted = counted.into_iter().filter_map(|found| {
        let severity = severity(found.code, found.severity)?;
        Some(Counted { severity, ..found })
    });
    Findings::with(all.collect(), counted.collect())
}

/// Where findings are, and which of them an `$allow` covers.
struct Places {
    /// Whether an error stands. Read for an `$allow` that allows nothing: not every check has run
    /// then, so it may turn out to be needed.
    broken: bool,
    /// The findings of each code that can be allowed: place and number, in order.
    of: BTreeMap<Code, Vec<(Span, usize)>>,
    /// By number.
    allowed: Vec<bool>,
}

impl Places {
    fn new(list: &[Diagnostic], counted: &[Counted]) -> Self {
        let list = list
            .iter()
            .map(|found| (found.code, found.severity, found.primary.span));
        let counted = counted
            .iter()
            .map(|found| (found.code, found.severity, found.span));
        let mut places = Self {
            broken: false,
            of: BTreeMap::new(),
            allowed: Vec::new(),
        };
        for (number, (code, severity, span)) in list.chain(counted).enumerate() {
            places.allowed.push(false);
            // Some findings are errors although their code is usually a warning, like an input that
            // a closed schema does not declare (FMC0312). Those cannot be allowed.
            if severity == Severity::Error {
                places.broken = true;
            } else {
                places.of.entry(code).or_default().push((span, number));
            }
        }
        places.of.values_mut().for_each(|of| of.sort_unstable());
        places
    }

    /// Applies the `$allow`s, and returns the findings about them.
    fn allow(&mut self, allows: &[Allow]) -> Found {
        let mut about = Found::default();
        // The second of two equal entries allows nothing more.
        let mut seen = BTreeSet::new();
        for allow in allows {
            for (word, place) in &allow.entries {
                let code = match find(word) {
                    Ok(code) if code.severity() == Severity::Error => {
                        about.push(LevelError::NotAllowable(code).finding(word, *place));
                        continue;
                    }
                    Ok(code) => code,
                    Err(error) => {
                        about.push(error.finding(word, *place));
                        continue;
                    }
                };
                let needed = seen.insert((code, allow.scope)) && self.cover(code, allow);
                if !needed && !self.broken {
                    let message = format!("there is no `{}` to allow here", code.name());
                    about.push(Diagnostic::new(Code::UnusedAllow, *place, message));
                }
            }
        }
        about
    }

    /// Allows the findings of a code inside an object. False when there are none.
    fn cover(&mut self, code: Code, allow: &Allow) -> bool {
        let of = self.of.get(&code).map_or(&[][..], Vec::as_slice);
        let first = of.partition_point(|(span, _)| {
            (span.file, span.start) < (allow.scope.file, allow.scope.start)
        });
        let mut needed = false;
        for (span, number) in of.iter().skip(first) {
            if span.file != allow.scope.file || span.start > allow.scope.end {
                break;
            }
            if let Some(allowed) = self.allowed.get_mut(*number)
                && allow.covers(*span)
            {
                needed |= !*allowed;
                *allowed = true;
            }
        }
        needed
    }
}

#[cfg(test)]
mod tests {
    use super::{Allow, Code, Diagnostic, Level, LevelError, Levels, Severity, Span, apply};

    fn at(start: u32, end: u32) -> Span {
        Span {
            start,
            end,
            ..Span::default()
        }
    }

    fn warning(place: Span) -> Diagnostic {
        Diagnostic::new(Code::UnknownKey, place, "m")
    }

    fn shown(list: Vec<Diagnostic>, levels: &Levels, allows: &[Allow]) -> Vec<(Code, Severity)> {
        let findings = apply(list, levels, allows);
        findings
            .iter()
            .map(|found| (found.code, found.severity))
            .collect()
    }

    #[test]
    fn the_last_level_wins_and_codes_beat_warnings() {
        let mut levels = Levels::default();
        levels.set("warnings", Level::Error).unwrap();
        let list = || vec![warning(at(1, 2))];
        assert_eq!(
            shown(list(), &levels, &[]),
            [(Code::UnknownKey, Severity::Error)]
        );
        levels.set("unknown-key", Level::Allow).unwrap();
        assert_eq!(shown(list(), &levels, &[]), []);
        levels.set("FMC0412", Level::Error).unwrap();
        assert_eq!(
            shown(list(), &levels, &[]),
            [(Code::UnknownKey, Severity::Error)]
        );
    }

    #[test]
    fn errors_keep_their_level() {
        let mut levels = Levels::default();
        let refused = LevelError::NotAllowable(Code::UnknownStage);
        assert_eq!(
            levels.set("unknown-stage", Level::Allow),
            Err(refused.clone())
        );
        assert_eq!(levels.set("FMC0301", Level::Warn), Err(refused));
        assert_eq!(
            levels.set("unknown-kei", Level::Allow),
            Err(LevelError::Unknown(Some("unknown-key")))
        );
    }

    #[test]
    fn errors_of_a_code_that_warns_stay() {
        let mut levels = Levels::default();
        levels.set("undeclared-input", Level::Allow).unwrap();
        let allow = Allow {
            scope: at(0, 10),
            entries: vec![("undeclared-input".to_owned(), at(3, 4))],
        };
        let mut error = Diagnostic::new(Code::UndeclaredInput, at(5, 6), "m");
        error.severity = Severity::Error;
        let warning = Diagnostic::new(Code::UndeclaredInput, at(7, 8), "m");
        let list = vec![error, warning];
        let error = [(Code::UndeclaredInput, Severity::Error)];
        assert_eq!(shown(list.clone(), &levels, &[]), error);
        assert_eq!(shown(list, &Levels::default(), &[allow]), error);
    }

    #[test]
    fn an_allow_applies_only_inside_its_object() {
        let allow = Allow {
            scope: at(0, 10),
            entries: vec![("unknown-key".to_owned(), at(3, 4))],
        };
        let list = vec![warning(at(5, 6)), warning(at(11, 12))];
        assert_eq!(
            shown(list, &Levels::default(), &[allow]),
            [(Code::UnknownKey, Severity::Warning)]
        );
    }

    #[test]
    fn unused_unknown_and_forbidden_allows_are_findings() {
        let allow = |words: &[&str]| Allow {
            scope: at(0, 10),
            entries: words
                .iter()
                .map(|word| ((*word).to_owned(), at(1, 2)))
                .collect(),
        };
        let levels = Levels::default();
        assert_eq!(
            shown(vec![], &levels, &[allow(&["unknown-key"])]),
            [(Code::UnusedAllow, Severity::Warning)]
        );
        let words = ["nonsense", "unknown-stage"];
        assert_eq!(
            shown(vec![], &levels, &[allow(&words)]),
            [
                (Code::UnknownLint, Severity::Error),
                (Code::NotAllowable, Severity::Error)
            ]
        );
        // While an error stands, nobody can say whether the `$allow` is needed.
        let error = Diagnostic::new(Code::UnknownStage, at(0, 1), "m");
        assert_eq!(
            shown(vec![error], &levels, &[allow(&["unknown-key"])]),
            [(Code::UnknownStage, Severity::Error)]
        );
    }
}
