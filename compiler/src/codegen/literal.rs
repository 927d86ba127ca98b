//! Rust literals and comments of any text.
//!
//! Enters: text, numbers. Leaves: Rust source that reads back as exactly that. The only way by
//! which text of a pipeline gets into generated source.

/// A string literal.
pub(super) fn string(text: &str) -> String {
    // `Debug` of `str` writes a Rust literal: quotes, backslashes, control and bidirectional
    // characters are escaped (the latter would trip a lint of rustc's).
    format!("{text:?}")
}

/// An integer literal.
pub(super) fn int(value: i64) -> String {
    value.to_string()
}

/// A float literal; always with a point or an exponent.
pub(super) fn float(value: f64) -> String {
    format!("{value:?}")
}

/// One line of a comment, without `//`: what is not printable is escaped, ends trimmed.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => out.push(character),
            other => out.extend(other.escape_debug()),
        }
    }
    out.trim().to_owned()
}

/// [`comment`] in back ticks, for documentation comments.
pub(super) fn quoted(text: &str) -> String {
    let text = comment(text);
    if text.contains('`') {
        text
    } else {
        format!("`{text}`")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn string_reads_back(text in any::<String>()) {
            let literal: syn::LitStr = syn::parse_str(&string(&text)).unwrap();
            prop_assert_eq!(literal.value(), text);
        }

        #[test]
        fn float_reads_back(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            let text = float(value);
            let literal: syn::LitFloat = syn::parse_str(text.trim_start_matches('-')).unwrap();
            prop_assert_eq!(literal.base10_parse::<f64>().unwrap(), value.abs());
        }

        #[test]
        fn comment_is_one_line(text in any::<String>()) {
            let text = comment(&text);
            let lines = ['\n', '\r', '\u{2028}', '\u{202e}'];
            prop_assert!(!text.contains(lines));
            prop_assert_eq!(text.trim(), &text);
        }
    }
}
