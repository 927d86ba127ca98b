//! Texts that are short enough to read.
//!
//! Enters: the text of a finding, which may quote names and values of any length. Leaves: the text
//! with each long quotation cut, and cut itself when it is still long. Must not know findings.

use fmc_expr::error::cut;

/// A longer quotation, between two back-ticks, is cut.
const QUOTED: usize = 100;
/// How many characters of it stay.
const STAYS: usize = 60;
/// A longer text is cut.
const LONG: usize = 1_200;

/// The text made short; `None` when it is short already, as nearly every text is.
pub(super) fn clipped(text: &str) -> Option<String> {
    if text.len() <= QUOTED {
        return None;
    }
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        // Every second part is between back-ticks.
        match at % 2 == 1 && part.len() > QUOTED {
            true => out.push_str(&cut(part, STAYS)),
            false => out.push_str(&cut(part, LONG)),
        }
        if out.len() > LONG {
            out = cut(&out, LONG).into_owned();
            break;
        }
    }
    (out != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{LONG, clipped};

    #[test]
    fn long_quotations_are_cut_and_short_texts_stay() {
        assert_eq!(clipped("no stage has the id `x`"), None);
        let usual = "its keys are `one`, `two`, `three`, ".repeat(10);
        assert_eq!(clipped(&usual), None);
        let id = "é".repeat(300);
        let cut = clipped(&format!("no stage has the id `{id}`, `b`")).unwrap();
        assert_eq!(
            cut,
            format!("no stage has the id `{}…`, `b`", "é".repeat(60))
        );
        let many = "`abc`, ".repeat(1_000_000);
        let cut = clipped(&many).unwrap();
        assert!(cut.len() < LONG + 10 && cut.ends_with('…'), "{}", cut.len());
        assert!(clipped(&"a".repeat(5_000)).unwrap().len() < LONG + 10);
    }
}
