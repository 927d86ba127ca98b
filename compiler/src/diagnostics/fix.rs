//! Applying fixes.
//!
//! Enters: a text and findings about it. Leaves: the safe fixes that can be applied together, the
//! text with them applied, and the list of applied fixes. Must not know files.

use std::collections::BTreeMap;

use super::{Diagnostic, Edit};
use crate::source::FileId;

/// The result of applying fixes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The applied fixes, in order of position, each as the code of its finding and its title.
    pub applied: Vec<String>,
    /// Their edits, in order of position.
    pub edits: Vec<Edit>,
}

/// The safe fixes of one file's findings, in order, without those that touch an earlier one: check
/// the new text and call this again to get those.
#[must_use]
pub fn safe<'a>(
    file: FileId,
    findings: impl IntoIterator<Item = &'a Diagnostic>,
) -> Vec<&'a Diagnostic> {
    // The changed places, by their start. None of them touch.
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut fixable = Vec::new();
    for found in findings {
        let Some(fix) = found.fix.as_ref().filter(|fix| fix.safe) else {
            continue;
        };
        let free = |edit: &Edit| {
            let before = taken.range(..=edit.span.end).next_back();
            before.is_none_or(|(_, end)| *end < edit.span.start)
        };
        let here = |edit: &Edit| edit.span.file == file && free(edit);
        if fix.edits.iter().all(here) && !fix.edits.is_empty() {
            let places = fix
                .edits
                .iter()
                .map(|edit| (edit.span.start, edit.span.end));
            taken.extend(places);
            fixable.push(found);
        }
    }
    fixable
}

/// Applies fixes, none of which touch.
#[must_use]
pub fn apply<'a>(text: &str, fixable: impl IntoIterator<Item = &'a Diagnostic>) -> Fixed {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut applied = Vec::new();
    for found in fixable {
        if let Some(fix) = &found.fix {
            edits.extend(&fix.edits);
            applied.push(format!("{}: {}", found.code.code(), fix.title));
        }
    }
    edits.sort_by_key(|edit| edit.span);
    Fixed {
        text: splice(text, &edits),
        applied,
        edits: edits.into_iter().cloned().collect(),
    }
}

fn splice(text: &str, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let start = edit.span.start as usize;
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::{FileId, apply, safe};
    use crate::syntax::parse;

    #[test]
    fn safe_fixes_are_applied_and_unsafe_ones_are_not() {
        let text = "{'a': True, b: [1 2,], // no\n \"c\": .5 ,}";
        let (_, findings) = parse(FileId(0), text);
        let fixed = apply(text, safe(FileId(0), &findings));
        assert_eq!(
            fixed.text,
            "{\"a\": true, \"b\": [1, 2], // no\n \"c\": 0.5 }"
        );
        assert_eq!(fixed.applied.len(), 7, "{:?}", fixed.applied);
    }

    #[test]
    fn of_two_fixes_that_touch_only_the_first_is_applied() {
        let text = "[1 .5]";
        let (_, findings) = parse(FileId(0), text);
        let once = apply(text, safe(FileId(0), &findings));
        assert_eq!(once.text, "[1, 0.5]");
        let text = "[.5'a']";
        let (_, findings) = parse(FileId(0), text);
        let once = apply(text, safe(FileId(0), &findings));
        assert_eq!(once.applied.len(), 1);
    }
}
