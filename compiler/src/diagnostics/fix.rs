//! Applying fixes.
//!
//! Enters: a text and findings about it. Leaves: the text with every safe fix applied, except those
//! that overlap an earlier one, and the list of applied fixes. Must not know files.

use super::{Diagnostic, Edit};
use crate::source::FileId;

/// The result of applying fixes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The applied fixes, in order of position, each as the code of its finding and its title.
    pub applied: Vec<String>,
}

/// Applies the safe fixes of one file's findings. When two touch, only the first is applied; check
/// the new text and call this again to get the second.
#[must_use]
pub fn apply<'a>(
    file: FileId,
    text: &str,
    findings: impl IntoIterator<Item = &'a Diagnostic>,
) -> Fixed {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut applied = Vec::new();
    for found in findings {
        let Some(fix) = found.fix.as_ref().filter(|fix| fix.safe) else {
            continue;
        };
        let fits = fix
            .edits
            .iter()
            .all(|edit| edit.span.file == file && taken.iter().all(|other| !touch(edit, other)));
        if fits && !fix.edits.is_empty() {
            taken.extend(&fix.edits);
            applied.push(format!("{}: {}", found.code.code(), fix.title));
        }
    }
    taken.sort_by_key(|edit| edit.span);
    Fixed {
        text: splice(text, &taken),
        applied,
    }
}

fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
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
    use super::{FileId, apply};
    use crate::syntax::parse;

    #[test]
    fn safe_fixes_are_applied_and_unsafe_ones_are_not() {
        let text = "{'a': True, b: [1 2,], // no\n \"c\": .5 ,}";
        let (_, findings) = parse(FileId(0), text);
        let fixed = apply(FileId(0), text, &findings);
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
        let once = apply(FileId(0), text, &findings);
        assert_eq!(once.text, "[1, 0.5]");
        let text = "[.5'a']";
        let (_, findings) = parse(FileId(0), text);
        let once = apply(FileId(0), text, &findings);
        assert_eq!(once.applied.len(), 1);
    }
}
