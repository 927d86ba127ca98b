//! `--fix`: safe fixes, applied only where they make a text better.
//!
//! Enters: the bytes of a pipeline file, and how it is checked. Leaves: better bytes, or none. A
//! text is better when it has fewer errors, or as many and fewer other findings, and no new kind
//! of mistake in its syntax. Each round must make it better, so mending ends, and mending again
//! changes nothing. Must not know files, nor what any finding is about.

use std::collections::BTreeSet;

use crate::{
    ast::is_pipeline,
    check::Checked,
    diagnostics::{Code, Diagnostic, Findings, Severity, fix},
    source::{FileId, SourceMap},
};

/// How many bytes may be checked while one file is mended. A usual file needs a few rounds.
const CHECKED: usize = 256 << 20;
/// How many checks a small file may need.
const CHECKS: usize = 2_000;

/// What was made of a file.
#[derive(Debug, Default)]
pub struct Mended {
    /// The new bytes; `None` when nothing was changed.
    pub bytes: Option<Vec<u8>>,
    /// The fixes that were applied, as code and title, and how often.
    pub applied: Vec<(String, usize)>,
}

/// How a file is checked.
pub type Check<'a> = &'a dyn Fn(&SourceMap, FileId) -> Checked;

/// Mends a file.
#[must_use]
pub fn mend(path: &str, bytes: &[u8], check: Check<'_>) -> Mended {
    let mut mender = Mender {
        path,
        check,
        checks: (CHECKED / bytes.len().max(1)).min(CHECKS),
    };
    let mut mended = Mended::default();
    let mut text = mender.read(bytes.to_vec());
    // The bad bytes of a file that is not UTF-8 are `?` in the text, and would be lost. What is no
    // pipeline is none of our business.
    if !text.is_pipeline || text.lossy() {
        return mended;
    }
    while let Some((better, applied)) = mender.round(&text) {
        for line in applied {
            match mended.applied.iter_mut().find(|(other, _)| *other == line) {
                Some((_, times)) => *times += 1,
                None => mended.applied.push((line, 1)),
            }
        }
        text = better;
        mended.bytes = Some(text.bytes.clone());
    }
    mended
}

struct Mender<'a> {
    path: &'a str,
    check: Check<'a>,
    /// How many more checks there may be.
    checks: usize,
}

/// A text that was checked.
struct Text {
    bytes: Vec<u8>,
    sources: SourceMap,
    id: FileId,
    findings: Findings,
    is_pipeline: bool,
}

impl Mender<'_> {
    fn read(&mut self, bytes: Vec<u8>) -> Text {
        self.checks = self.checks.saturating_sub(1);
        let mut sources = SourceMap::new();
        let id = sources.add_bytes(self.path, bytes.clone());
        let checked = (self.check)(&sources, id);
        Text {
            bytes,
            id,
            findings: checked.findings().clone(),
            is_pipeline: is_pipeline(checked.tree()),
            sources,
        }
    }

    /// A better text, with the fixes that made it so. First all fixes are tried together, then
    /// halves of them, down to each one alone.
    fn round(&mut self, text: &Text) -> Option<(Text, Vec<String>)> {
        let fixable = fix::safe(text.id, &text.findings);
        let mut parts: Vec<&[&Diagnostic]> = vec![&fixable];
        let mut next = 0;
        while let Some(part) = parts.get(next).copied().filter(|_| self.checks > 0) {
            next += 1;
            if part.is_empty() {
                continue;
            }
            let fixed = text.with(part);
            let tried = self.read(fixed.text.into_bytes());
            if tried.is_better(text) {
                return Some((tried, fixed.applied));
            }
            if part.len() > 1 {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([first, second]);
            }
        }
        None
    }
}

impl Text {
    /// The text with some fixes applied, and its byte-order mark.
    fn with(&self, fixable: &[&Diagnostic]) -> fix::Fixed {
        let file = self.sources.get(self.id);
        let mut fixed = fix::apply(file.map_or("", |file| &file.text), fixable.iter().copied());
        if file.is_some_and(|file| file.bom) {
            fixed.text.insert(0, '\u{FEFF}');
        }
        fixed
    }

    fn lossy(&self) -> bool {
        let file = self.sources.get(self.id);
        file.is_none_or(|file| !file.bad_bytes.is_empty())
    }

    fn is_better(&self, before: &Self) -> bool {
        let size = |text: &Self| (text.findings.count(Severity::Error), text.findings.len());
        self.is_pipeline && size(self) < size(before) && self.syntax().is_subset(&before.syntax())
    }

    /// The mistakes in the syntax of JSON and of expressions.
    fn syntax(&self) -> BTreeSet<Code> {
        let codes = self.findings.iter().map(|found| found.code);
        codes
            .filter(|code| matches!(code.family(), 1 | 2))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Mended, mend};
    use crate::check::{Settings, check};

    fn mended(text: &str) -> Mended {
        mend("p.json", text.as_bytes(), &|sources, id| {
            check(sources, id, &Settings::default())
        })
    }

    fn text(text: &str) -> Option<String> {
        let bytes = mended(text).bytes?;
        let again = mended(std::str::from_utf8(&bytes).unwrap());
        assert!(again.bytes.is_none(), "{:?}", again.applied);
        Some(String::from_utf8(bytes).unwrap())
    }

    const STAGE: &str = r#"{"id": "s", "component_type": "logger", "config": {"message": "m"}}"#;

    #[test]
    fn safe_fixes_are_applied_until_none_is_left() {
        let broken = format!("{{'name': \"p\", \"stages\": [{STAGE},],}}");
        let whole = format!("{{\"name\": \"p\", \"stages\": [{STAGE}]}}");
        assert_eq!(text(&broken), Some(whole.clone()));
        assert_eq!(text(&whole), None);
        assert_eq!(mended(&broken).applied[1].1, 2);
    }

    #[test]
    fn keys_without_a_quote_do_not_make_a_file_grow() {
        for key in [
            "name",
            "stages",
            "id",
            "component_type",
            "config",
            "message",
        ] {
            let whole = format!("{{\"name\": \"p\", \"stages\": [{STAGE}], \"x\": 1}}");
            for broken in [
                whole.replacen(&format!("\"{key}\""), &format!("\"{key}"), 1),
                whole.replacen(&format!("\"{key}\""), &format!("{key}\""), 1),
                whole.replacen(&format!("\"{key}\": "), &format!("\"{key}: "), 1),
            ] {
                let fixed = text(&broken).unwrap_or_default();
                assert!(!fixed.contains("::"), "{broken} became {fixed}");
                assert!(fixed.len() < broken.len() + 8, "{broken} became {fixed}");
            }
        }
    }

    #[test]
    fn what_is_no_pipeline_stays_as_it_is() {
        assert_eq!(text("{'a': 1,}"), None);
        assert_eq!(text("[1, 2,]"), None);
        let latin = b"{'stages': [\"\xE9\",]}";
        let checked = mend("p.json", latin, &|sources, id| {
            check(sources, id, &Settings::default())
        });
        assert!(checked.bytes.is_none());
    }
}
