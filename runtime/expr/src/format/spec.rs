//! Format specifications, and values written by them.
//!
//! Enters: a value and a specification such as `>8,.2f`. Leaves: text; or a refusal, where CPython
//! refuses. Must not know templates or expressions.

use crate::{
    builder::Builder,
    cx::Cx,
    error::{EvalError, excerpt},
    json, ops, text,
    value::Value,
};

/// How large a width or a precision may be. Nobody reads text that is padded further.
const WIDEST: usize = 1_000_000;
/// How long a specification may be: longer than any that means something.
const LONGEST: usize = 200;

/// Formats the field of an f-string.
///
/// # Errors
/// A specification that the type of the value does not take; a limit error when the width or the
/// precision is absurd.
pub fn field(
    cx: &Cx,
    value: &Value,
    conversion: Option<char>,
    spec: &str,
) -> Result<Value, EvalError> {
    let mut out = Builder::new(cx);
    push_field(cx, &mut out, value, conversion, spec)?;
    out.finish()
}

/// Writes one value.
pub(super) fn push_field(
    cx: &Cx,
    out: &mut Builder<'_>,
    value: &Value,
    conversion: Option<char>,
    spec: &str,
) -> Result<(), EvalError> {
    cx.check_size(value)?;
    let before = cx.alive();
    let converted = match conversion {
        None => None,
        Some('s') => Some(Value::Str(text::text_within(cx, value)?)),
        Some('r') => Some(Value::Str(text::repr(cx, value)?)),
        Some('a') => Some(text::ascii(cx, value)?),
        Some(other) => {
            return Err(EvalError::value_error(format!(
                "unknown conversion `!{other}`, expected `!r`, `!s` or `!a`"
            )));
        }
    };
    let scratch = cx.alive().saturating_sub(before);
    let value = converted.as_ref().unwrap_or(value);
    if spec.is_empty() {
        text::push_text(cx, out, value)?;
    } else {
        push_by(cx, out, value, spec)?;
    }
    cx.release(scratch);
    Ok(())
}

/// Writes one value by a specification.
fn push_by(cx: &Cx, out: &mut Builder<'_>, value: &Value, spec: &str) -> Result<(), EvalError> {
    let parsed = Spec::parse(spec)?;
    let scratch = parsed.room(cx)?;
    let text = match value {
        Value::Str(text) => {
            parsed.string(out, text)?;
            String::new()
        }
        Value::Int(number) => parsed.integer(cx, *number)?,
        Value::Bool(flag) => parsed.integer(cx, i64::from(*flag))?,
        Value::Float(number) => parsed.float(*number, 'r')?,
        Value::Null | Value::List(_) | Value::Object(_) => {
            return Err(EvalError::type_error(format!(
                "`{}` takes no format specification, found `{}`",
                value.kind_name(),
                excerpt(spec)
            ))
            .found(&[value]));
        }
    };
    out.push_str(&text)?;
    cx.release(scratch);
    Ok(())
}

/// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`
#[derive(Debug, Default)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    /// `z`, as in `{x:z.1f}`: a result of zero is written without `-`.
    unsigned_zero: bool,
    /// `#`, as in `{x:#x}`: a prefix like `0x`, or a point even without decimals.
    alternate: bool,
    /// `0` before the width, as in `{x:05}`: pads with zeros after the sign.
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn parse(text: &str) -> Result<Self, EvalError> {
        let wrong = || {
            let text = excerpt(text);
            EvalError::value_error(format!("bad format specification `{text}`"))
        };
        if text.len() > LONGEST {
            return Err(wrong());
        }
        let characters: Vec<char> = text.chars().collect();
        let mut rest = characters.as_slice();
        let mut spec = Self::default();
        let is_align = |c: char| matches!(c, '<' | '>' | '=' | '^');
        match *rest {
            [fill, align, ref tail @ ..] if is_align(align) => {
                (spec.fill, spec.align, rest) = (Some(fill), Some(align), tail);
            }
            [align, ref tail @ ..] if is_align(align) => (spec.align, rest) = (Some(align), tail),
            _ => {}
        }
        if let [sign @ ('+' | '-' | ' '), tail @ ..] = rest {
            (spec.sign, rest) = (Some(*sign), tail);
        }
        if let ['z', tail @ ..] = rest {
            (spec.unsigned_zero, rest) = (true, tail);
        }
        if let ['#', tail @ ..] = rest {
            (spec.alternate, rest) = (true, tail);
        }
        if let ['0', tail @ ..] = rest {
            (spec.zero, rest) = (true, tail);
        }
        let (width, tail) = digits(rest);
        (spec.width, rest) = (width.ok_or_else(too_wide)?, tail);
        if let [grouping @ (',' | '_'), tail @ ..] = rest {
            (spec.grouping, rest) = (Some(*grouping), tail);
        }
        if let ['.', tail @ ..] = rest {
            let (precision, after) = digits(tail);
            if after.len() == tail.len() {
                return Err(wrong());
            }
            (spec.precision, rest) = (Some(precision.ok_or_else(too_wide)?), after);
        }
        match *rest {
            [] => Ok(spec),
            [kind] => Ok(Self {
                kind: Some(kind),
                ..spec
            }),
            _ => Err(wrong()),
        }
    }

    /// Makes room for the texts of which a number is put together, as wide and as precise as the
    /// specification asks for. The caller gives it back.
    fn room(&self, cx: &Cx) -> Result<u64, EvalError> {
        let fill = self.fill.map_or(1, char::len_utf8);
        let size = (self.width * fill) as u64 + self.precision.unwrap_or(0) as u64;
        cx.charge(size / 16)?;
        let room = size * 4;
        cx.reserve(room)?;
        Ok(room)
    }

    fn string(&self, out: &mut Builder<'_>, text: &str) -> Result<(), EvalError> {
        if self.kind.is_some_and(|kind| kind != 's') {
            return Err(self.unknown_kind("string"));
        }
        if self.sign.is_some()
            || self.unsigned_zero
            || self.alternate
            || self.grouping.is_some()
            || self.align == Some('=')
        {
            return Err(EvalError::value_error(
                "a string takes no sign, `z`, `#`, `=` or grouping in its format specification",
            ));
        }
        let text = match self.precision {
            Some(length) => text.char_indices().nth(length).map_or(text, |(end, _)| {
                text.split_at_checked(end).map_or(text, |(start, _)| start)
            }),
            None => text,
        };
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let (before, behind) = self.padding(text, self.align.unwrap_or('<'));
        out.extend(std::iter::repeat_n(fill, before))?;
        out.push_str(text)?;
        out.extend(std::iter::repeat_n(fill, behind))
    }

    fn integer(&self, cx: &Cx, number: i64) -> Result<String, EvalError> {
        let magnitude = number.unsigned_abs();
        let (prefix, digits) = match self.kind {
            None | Some('d' | 'n') => ("", magnitude.to_string()),
            Some('b') => ("0b", format!("{magnitude:b}")),
            Some('o') => ("0o", format!("{magnitude:o}")),
            Some('x') => ("0x", format!("{magnitude:x}")),
            Some('X') => ("0X", format!("{magnitude:X}")),
            Some('c') => return self.character(number),
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
                let number = ops::to_float(&Value::Int(number)).unwrap_or(0.0);
                return self.float(number, 'g');
            }
            Some(_) => return Err(self.unknown_kind("int")),
        };
        cx.charge(1)?;
        self.whole_only()?;
        let group = match (self.grouping, self.kind) {
            (Some(','), Some('b' | 'o' | 'x' | 'X')) | (Some(_), Some('n')) => {
                return Err(no_grouping());
            }
            (Some(_), Some('b' | 'o' | 'x' | 'X')) => 4,
            _ => 3,
        };
        let prefix = if self.alternate { prefix } else { "" };
        Ok(self.number(number < 0, prefix, &digits, "", group))
    }

    /// Refuses the parts of a specification that only floats take.
    fn whole_only(&self) -> Result<(), EvalError> {
        if self.precision.is_some() || self.unsigned_zero {
            return Err(EvalError::value_error(
                "an integer takes no precision and no `z` in its format specification",
            ));
        }
        Ok(())
    }

    fn character(&self, number: i64) -> Result<String, EvalError> {
        let found = u32::try_from(number).ok().and_then(char::from_u32);
        let character = found
            .ok_or_else(|| EvalError::value_error(format!("{number} is not a character's code")))?;
        self.whole_only()?;
        if self.sign.is_some() || self.alternate || self.grouping.is_some() {
            return Err(EvalError::value_error("format type `c` takes only a width"));
        }
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let align = self.align.unwrap_or('>');
        Ok(self.pad(&character.to_string(), fill, align))
    }

    /// Formats a float. `default` is used when the specification names no type: `r` (as `repr`) for
    /// floats, `g` for integers.
    fn float(&self, number: f64, default: char) -> Result<String, EvalError> {
        let kind = self.kind.unwrap_or(default);
        let magnitude = number.abs();
        let precision = self.precision.unwrap_or(6);
        let text = match kind {
            'f' | 'F' => self.point(fixed(magnitude, precision)),
            'e' | 'E' => self.scientific(magnitude, precision),
            'n' if self.grouping.is_some() => return Err(no_grouping()),
            'g' | 'G' | 'n' => self.general(magnitude, precision.max(1), false),
            '%' => self.point(fixed(finite(magnitude * 100.0)?, precision)) + "%",
            'r' => match self.precision {
                None => self.shortest(magnitude),
                Some(precision) => self.general(magnitude, precision.max(1), true),
            },
            _ => return Err(self.unknown_kind("float")),
        };
        let text = if kind.is_ascii_uppercase() {
            text.to_uppercase()
        } else {
            text
        };
        let split = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (whole, rest) = text.split_at_checked(split).unwrap_or((&text, ""));
        let digits = text.split(['e', 'E']).next().unwrap_or_default();
        let zero = digits.chars().all(|c| matches!(c, '0' | '.' | '%'));
        let negative = number.is_sign_negative() && !(self.unsigned_zero && zero);
        Ok(self.number(negative, "", whole, rest, 3))
    }

    fn point(&self, text: String) -> String {
        if self.alternate && !text.contains('.') {
            text + "."
        } else {
            text
        }
    }

    /// The fewest digits that read back as the same float. With `#` there is a point even before an
    /// exponent.
    fn shortest(&self, magnitude: f64) -> String {
        let text = json::float(magnitude);
        match text.split_once('e') {
            Some((digits, exponent)) => {
                format!("{}e{exponent}", self.point(digits.to_owned()))
            }
            None => text,
        }
    }

    fn scientific(&self, magnitude: f64, precision: usize) -> String {
        let text = format!("{magnitude:.*e}", precision.min(DIGITS));
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        let digits = self.point(with_zeros(digits.to_owned(), precision));
        format!("{digits}e{sign}{:02}", exponent.abs())
    }

    /// Type `g`. `keep_point` is set for a float with a precision but without a type: its result
    /// keeps `.0`, as in `f'{100.0:.4}'`.
    fn general(&self, magnitude: f64, precision: usize, keep_point: bool) -> String {
        let text = format!("{magnitude:.*e}", (precision - 1).min(DIGITS));
        let exponent: i32 = text
            .split_once('e')
            .and_then(|(_, exponent)| exponent.parse().ok())
            .unwrap_or(0);
        let limit = i32::try_from(precision).unwrap_or(i32::MAX) - i32::from(keep_point);
        if exponent < -4 || exponent >= limit {
            let text = self.scientific(magnitude, precision - 1);
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
            return format!("{}e{exponent}", self.trim(digits, false));
        }
        let decimals = i32::try_from(precision).unwrap_or(i32::MAX) - 1 - exponent;
        let decimals = usize::try_from(decimals).unwrap_or(0);
        let text = self.point(fixed(magnitude, decimals));
        self.trim(&text, keep_point)
    }

    fn trim(&self, digits: &str, keep_point: bool) -> String {
        if self.alternate {
            return digits.to_owned();
        }
        let trimmed = if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.')
        } else {
            digits
        };
        if keep_point && !trimmed.contains('.') {
            format!("{trimmed}.0")
        } else {
            trimmed.to_owned()
        }
    }

    /// Joins sign, prefix, grouped digits and the rest, and pads to the width.
    fn number(
        &self,
        negative: bool,
        prefix: &str,
        whole: &str,
        rest: &str,
        group: usize,
    ) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let align = self.align.unwrap_or(if self.zero { '=' } else { '>' });
        let used = sign.len() + prefix.len() + rest.chars().count();
        // Padding zeros are grouped like digits, as in CPython: `f'{7:06,}'` is `00,007`.
        let minimum = if fill == '0' && align == '=' {
            self.width.saturating_sub(used)
        } else {
            0
        };
        let grouped = match self.grouping {
            Some(separator) => grouped(whole, separator, group, minimum),
            None => whole.to_owned(),
        };
        if align == '=' {
            let missing = self.width.saturating_sub(used + grouped.chars().count());
            let padding: String = std::iter::repeat_n(fill, missing).collect();
            return [sign, prefix, &padding, &grouped, rest].concat();
        }
        self.pad(&[sign, prefix, &grouped, rest].concat(), fill, align)
    }

    fn pad(&self, text: &str, fill: char, align: char) -> String {
        let (before, behind) = self.padding(text, align);
        let mut out: String = std::iter::repeat_n(fill, before).collect();
        out.push_str(text);
        out.extend(std::iter::repeat_n(fill, behind));
        out
    }

    /// How many characters are missing before a text, and behind it.
    fn padding(&self, text: &str, align: char) -> (usize, usize) {
        let missing = match self.width {
            // Saves counting the characters of a long text.
            0 => 0,
            width => width.saturating_sub(text.chars().count()),
        };
        let before = match align {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        (before, missing - before)
    }

    fn unknown_kind(&self, kind: &str) -> EvalError {
        EvalError::value_error(format!(
            "unknown format type `{}` for `{kind}`",
            self.kind.unwrap_or('s')
        ))
    }
}

fn no_grouping() -> EvalError {
    EvalError::value_error("grouping does not fit this format type")
}

fn finite(value: f64) -> Result<f64, EvalError> {
    ops::finite(value).map(|_| value)
}

/// A float has at most 1,074 digits after its point, so those after this many are zeros. Rust
/// formats with a precision of 16 bits at most and panics beyond.
const DIGITS: usize = 1_100;

/// A number with this many digits after its point.
fn fixed(magnitude: f64, precision: usize) -> String {
    let text = format!("{magnitude:.*}", precision.min(DIGITS));
    with_zeros(text, precision)
}

/// Adds the zeros after the first [`DIGITS`] digits.
fn with_zeros(mut digits: String, precision: usize) -> String {
    digits.extend(std::iter::repeat_n('0', precision.saturating_sub(DIGITS)));
    digits
}

fn too_wide() -> EvalError {
    EvalError::limit(format!(
        "a width or precision of more than {WIDEST} in a format specification"
    ))
}

/// The number at the beginning of a text, 0 without digits and `None` for one that is too large for
/// a width or precision; and the rest.
fn digits(text: &[char]) -> (Option<usize>, &[char]) {
    let count = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let (number, rest) = text.split_at_checked(count).unwrap_or((&[], text));
    if number.is_empty() {
        return (Some(0), rest);
    }
    let number: String = number.iter().collect();
    let number = number.parse().ok();
    (number.filter(|number: &usize| *number <= WIDEST), rest)
}

/// Puts a separator before each group of digits, and zeros before the digits until the text has at
/// least `minimum` characters.
fn grouped(digits: &str, separator: char, group: usize, minimum: usize) -> String {
    let wide = |count: usize| count + count.saturating_sub(1) / group >= minimum;
    // The fewest digits that are wide enough are not far from this many.
    let least = (minimum / (group + 1) * group).max(digits.len());
    let count = (least..).find(|count| wide(*count)).unwrap_or(least);
    let zeros = std::iter::repeat_n('0', count - digits.len());
    let mut out = String::with_capacity(count + count / group);
    for (at, digit) in zeros.chain(digits.chars()).enumerate() {
        if at > 0 && (count - at).is_multiple_of(group) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}
