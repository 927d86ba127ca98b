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
    diagnostics::{Code, Diagnostic, Edit, Findings, Severity, fix},
    source::{FileId, SourceMap},
};

/// How many bytes may be checked while one file is mended. A usual file needs a few rounds; only a
/// file of very many mistakes, each seen when another one is gone, needs more.
const CHECKED: usize = 128 << 20;
/// How many checks a small file may need.
const CHECKS: usize = 2_000;
/// How many bytes may be checked in one round. It depends on nothing but the size of the text, so
/// that a second run, which starts where the first one ended, finds nothing else either.
const ROUND: usize = 16 << 20;
/// The fewest and the most checks of one round.
const TRIES: (usize, usize) = (16, 200);

/// What was made of a file.
#[derive(Debug, Default)]
pub struct Mended {
    /// The new bytes; `None` when nothing was changed.
    pub bytes: Option<Vec<u8>>,
    /// The fixes that were applied, as code and title, and how often.
    pub applied: Vec<(String, usize)>,
    /// What was replaced, round by round, in order: the places of a round are those of the text
    /// that the round before left.
    pub rounds: Vec<Vec<Edit>>,
}

/// How a file is checked.
pub type Check<'a> = &'a dyn Fn(&SourceMap, FileId) -> Checked;

/// Mends a file.
#[must_use]
pub fn mend(path: &str, bytes: &[u8], check: Check<'_>) -> Mended {
    let mut mender = Mender {
        path,
        check,
        checks: (CHECKED / bytes.len().max(1)).clamp(TRIES.0, CHECKS),
    };
    let mut mended = Mended::default();
    let mut text = mender.read(bytes.to_vec());
    // The bad bytes of a file that is not UTF-8 are `?` in the text, and would be lost. What is no
    // pipeline is none of our business.
    if !text.is_pipeline || text.lossy() {
        return mended;
    }
    while let Some((better, fixed)) = mender.round(&text) {
        for line in fixed.applied {
            match mended.applied.iter_mut().find(|(other, _)| *other == line) {
                Some((_, times)) => *times += 1,
                None => mended.applied.push((line, 1)),
            }
        }
        mended.rounds.push(fixed.edits);
        text = better;
    }
    mended.bytes = (!mended.rounds.is_empty()).then(|| text.bytes());
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
    sources: SourceMap,
    id: FileId,
    findings: Findings,
    is_pipeline: bool,
}

impl Mender<'_> {
    fn read(&mut self, bytes: Vec<u8>) -> Text {
        self.checks = self.checks.saturating_sub(1);
        let mut sources = SourceMap::new();
        let id = sources.add_bytes(self.path, bytes);
        let checked = (self.check)(&sources, id);
        Text {
            id,
            findings: checked.findings().clone(),
            is_pipeline: is_pipeline(checked.tree()),
            sources,
        }
    }

    /// A better text, with the fixes that made it so. First all fixes are tried together, then
    /// halves of them, down to each one alone.
    fn round(&mut self, text: &Text) -> Option<(Text, fix::Fixed)> {
        let fixable = fix::safe(text.id, &text.findings);
        let mut tries = (ROUND / text.text().len().max(1)).clamp(TRIES.0, TRIES.1);
        let mut parts: Vec<&[&Diagnostic]> = vec![&fixable];
        let mut next = 0;
        while let Some(part) = parts.get(next).copied() {
            next += 1;
            if part.is_empty() {
                continue;
            }
            if tries == 0 || self.checks == 0 {
                return None;
            }
            tries -= 1;
            let mut fixed = fix::apply(text.text(), part.iter().copied());
            let tried = self.read(text.marked(std::mem::take(&mut fixed.text)));
            if tried.is_better(text) {
                return Some((tried, fixed));
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
    fn text(&self) -> &str {
        let file = self.sources.get(self.id);
        file.map_or("", |file| &file.text)
    }

    /// The bytes of the file.
    fn bytes(&self) -> Vec<u8> {
        self.marked(self.text().to_owned())
    }

    /// Another text as bytes, behind the byte-order mark of this one.
    fn marked(&self, text: String) -> Vec<u8> {
        let file = self.sources.get(self.id);
        match file.is_some_and(|file| file.bom) {
            true => format!("\u{FEFF}{text}").into_bytes(),
            false => text.into_bytes(),
        }
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
