//! Number tokens to numbers.
//!
//! Enters: the text of a number token. Leaves: a number, or what is wrong with it and how JSON
//! would write it. Must not know where in the file the number is.

use super::tree::NodeKind;
use crate::diagnostics::Code;

/// What is wrong with a number.
#[derive(Debug, PartialEq)]
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) message: String,
    /// The number as JSON would write it; `None` when it is not clear which number was meant.
    pub(super) spelling: Option<String>,
}

/// Reads a number token.
pub(super) fn read(text: &str) -> Result<NodeKind, Problem> {
    if is_json(text) {
        return value(text);
    }
    let spelling = respell(text).filter(|spelling| is_json(spelling) && value(spelling).is_ok());
    Err(Problem {
        code: Code::BadNumber,
        message: reason(text),
        spelling,
    })
}

fn value(text: &str) -> Result<NodeKind, Problem> {
    let out_of_range = |message: String| Problem {
        code: Code::NumberOutOfRange,
        message,
        spelling: None,
    };
    if text.contains(['.', 'e', 'E']) {
        match text.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(NodeKind::Float(float)),
            _ => Err(out_of_range(format!(
                "`{text}` is too large for a 64-bit floating-point number (at most about 1.8e308)"
            ))),
        }
    } else {
        text.parse().map(NodeKind::Int).map_err(|_| {
            out_of_range(format!(
                "an integer must fit 64 bits, from {} to {}",
                i64::MIN,
                i64::MAX
            ))
        })
    }
}

/// Whether the text has the form `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
fn is_json(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// Rewrites a number of another language for JSON: `0x1F` gives `31`, `.5` gives `0.5`.
fn respell(text: &str) -> Option<String> {
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (sign, body) = match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = body.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            let number = i64::from_str_radix(&digits.replace('_', ""), radix).ok()?;
            return Some(format!("{sign}{number}"));
        }
    }
    let body = lower.replace('_', "");
    let (mantissa, exponent) = match body.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, format!("e{exponent}")),
        None => (body.as_str(), String::new()),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, "")) => (whole, ".0".to_owned()),
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (mantissa, String::new()),
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(format!("{sign}{whole}{fraction}{exponent}"))
}

fn reason(text: &str) -> String {
    let body = text.trim_start_matches(['+', '-']);
    let lower = body.to_ascii_lowercase();
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    if matches!(lower.as_str(), "nan" | "inf" | "infinity") {
        format!("JSON has no `{text}`")
    } else if text.starts_with('+') {
        "a JSON number cannot start with `+`".to_owned()
    } else if ["0x", "0o", "0b"]
        .iter()
        .any(|prefix| lower.starts_with(prefix))
    {
        "JSON has decimal numbers only".to_owned()
    } else if body.contains('_') {
        "a JSON number cannot contain `_`".to_owned()
    } else if body.starts_with('.') {
        "a JSON number needs a digit before its `.`".to_owned()
    } else if digits > 1 && body.starts_with('0') {
        "a JSON number cannot start with extra zeros".to_owned()
    } else if body.ends_with('.') || body.contains(".e") || body.contains(".E") {
        "a JSON number needs a digit after its `.`".to_owned()
    } else {
        format!("`{text}` is not a number")
    }
}

#[cfg(test)]
mod tests {
    use super::{NodeKind, read};
    use crate::diagnostics::Code;

    #[test]
    fn numbers_that_json_allows_are_read() {
        for text in [
            "0",
            "-0",
            "7",
            "-12",
            "9223372036854775807",
            "-9223372036854775808",
        ] {
            assert!(
                matches!(read(text), Ok(NodeKind::Int(n)) if n == text.parse::<i64>().unwrap()),
                "{text}"
            );
        }
        for text in ["0.5", "1e3", "1.0", "-2.5E-3", "1e+2"] {
            assert!(
                matches!(read(text), Ok(NodeKind::Float(n)) if n == text.parse::<f64>().unwrap()),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers_of_other_languages_are_rewritten() {
        let cases = [
            ("+1", Some("1")),
            (".5", Some("0.5")),
            ("-.5", Some("-0.5")),
            ("5.", Some("5.0")),
            ("1.e3", Some("1.0e3")),
            ("007", Some("7")),
            ("0x1F", Some("31")),
            ("-0b101", Some("-5")),
            ("1_000", Some("1000")),
            ("1.2.3", None),
            ("10ms", None),
            ("2024-01-01", None),
            ("-", None),
            ("1e", None),
            ("-Infinity", None),
            ("0x", None),
            ("--1", None),
        ];
        for (text, spelling) in cases {
            let problem = read(text).unwrap_err();
            assert_eq!(problem.code, Code::BadNumber, "{text}");
            assert_eq!(problem.spelling.as_deref(), spelling, "{text}");
        }
    }

    #[test]
    fn knows_the_range() {
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "1e309",
            "-1e999",
        ] {
            assert_eq!(
                read(text).unwrap_err().code,
                Code::NumberOutOfRange,
                "{text}"
            );
        }
    }
}
