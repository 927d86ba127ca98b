//! Dates and the clock.
//!
//! Enters: RFC 3339 text. Leaves: RFC 3339 text in UTC with milliseconds and `Z`, or Unix time.
//! Must not know where the time comes from (`cx`).

use chrono::{
    DateTime, Duration, NaiveDate, NaiveDateTime, SecondsFormat, Utc,
    format::{Item, StrftimeItems},
};
use std::{fmt, time::UNIX_EPOCH};

use super::{
    arguments::{given, refuse, string},
    signature::{Args, Returns, opt, req, rows},
};
use crate::{
    builder::Builder,
    cx::Cx,
    error::{EvalError, excerpt},
    kinds::Kinds,
    ops,
    value::Value,
};

type Outcome = Result<Value, EvalError>;

const STR: Returns = Returns::Kinds(Kinds::STR);
const DATE: Kinds = Kinds::STR.or(Kinds::INT).or(Kinds::FLOAT);

rows! { "time";
    "now", now() -> STR, impure, "The current time in UTC: RFC 3339 with milliseconds and `Z`.", "now()[-1]" => "\"Z\"";
    "now_ms", now_ms() -> Returns::Kinds(Kinds::INT), impure, "Unix time in milliseconds.", "now_ms() > 0" => "true";
    "time.time", unix_time() -> Returns::Kinds(Kinds::FLOAT), impure, "Unix time in seconds.", "time.time() > 0" => "true";
    "timestamp", timestamp(opt("date", DATE)) -> Returns::Kinds(Kinds::INT), impure,
        "Unix time in seconds of a date, or of now.", "timestamp('1970-01-02T00:00:00Z')" => "86400";
    "date_add", date_add(req("date", DATE), opt("days", Kinds::NUMBER), opt("hours", Kinds::NUMBER), opt("minutes", Kinds::NUMBER), opt("seconds", Kinds::NUMBER)) -> STR,
        "A date plus days, hours, minutes and seconds.", "date_add('2026-02-28T12:00:00Z', days=1, hours=-1)" => "\"2026-03-01T11:00:00.000Z\"";
    "format_date", format_date(req("date", DATE), req("format", Kinds::STR)) -> STR,
        "A date in UTC, written as `strftime` does.", "format_date('2026-02-28T12:00:00Z', '%d.%m.%Y')" => "\"28.02.2026\"";
}

fn clock(cx: &Cx) -> DateTime<Utc> {
    DateTime::<Utc>::from(cx.now())
}

fn shown(date: DateTime<Utc>) -> Value {
    Value::from(date.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The current time of this machine, written as `now()` writes it.
#[must_use]
pub fn now_text() -> String {
    clock(&Cx::new()).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `now()`
pub fn now(cx: &Cx, _: Args<'_>) -> Outcome {
    Ok(shown(clock(cx)))
}

/// `now_ms()`
pub fn now_ms(cx: &Cx, _: Args<'_>) -> Outcome {
    Ok(Value::Int(clock(cx).timestamp_millis()))
}

/// `time.time()`
pub fn unix_time(cx: &Cx, _: Args<'_>) -> Outcome {
    let since = cx.now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Value::Float(since.as_secs_f64()))
}

/// Reads a date: RFC 3339 text, text without a zone (taken as UTC), a day, or Unix seconds.
fn date(cx: &Cx, name: &str, args: Args<'_>, at: usize) -> Result<DateTime<Utc>, EvalError> {
    let wrong = |text: &str| {
        let text = excerpt(text);
        EvalError::value_error(format!("`{name}` takes RFC 3339 dates, found `{text}`"))
    };
    match given(args, at) {
        Some(Value::Str(text)) => {
            // A second may have any number of decimals, so a date may be long.
            cx.charge(16 + text.len() as u64 / 2)?;
            let text = text.trim();
            if let Ok(date) = DateTime::parse_from_rfc3339(text) {
                return Ok(date.with_timezone(&Utc));
            }
            let plain = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
                .into_iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
            let day = || {
                NaiveDate::parse_from_str(text, "%Y-%m-%d")
                    .ok()?
                    .and_hms_opt(0, 0, 0)
            };
            let plain = plain.or_else(day).ok_or_else(|| wrong(text))?;
            Ok(plain.and_utc())
        }
        Some(number @ (Value::Int(_) | Value::Float(_))) => {
            let seconds = ops::to_float(number).unwrap_or(0.0);
            // A number too large for a date saturates in the cast, and the conversion then refuses
            // it.
            DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64)
                .ok_or_else(|| wrong(&number.to_json()))
        }
        other => Err(refuse(name, "string | number", other)),
    }
}

/// `timestamp(date=None)`
pub fn timestamp(cx: &Cx, args: Args<'_>) -> Outcome {
    let date = match given(args, 0) {
        None => clock(cx),
        Some(_) => date(cx, "timestamp", args, 0)?,
    };
    Ok(Value::Int(date.timestamp()))
}

/// `date_add(date, days=0, hours=0, minutes=0, seconds=0)`
pub fn date_add(cx: &Cx, args: Args<'_>) -> Outcome {
    const MILLISECONDS: [f64; 4] = [86_400_000.0, 3_600_000.0, 60_000.0, 1000.0];
    let start = date(cx, "date_add", args, 0)?;
    let mut total = 0.0;
    for (at, unit) in (1..).zip(MILLISECONDS) {
        if let Some(amount) = given(args, at) {
            let amount = ops::to_float(amount)
                .ok_or_else(|| refuse("date_add", "int | float", Some(amount)))?;
            total += amount * unit;
        }
    }
    // A number too large for a date saturates here, and the checked addition then refuses it.
    let step = Duration::try_milliseconds(total.round() as i64);
    step.and_then(|step| start.checked_add_signed(step))
        .map(shown)
        .ok_or_else(|| EvalError::value_error("`date_add` gives a date out of range"))
}

/// `format_date(date, format)`
pub fn format_date(cx: &Cx, args: Args<'_>) -> Outcome {
    let date = date(cx, "format_date", args, 0)?;
    let format = string(cx, "format_date", args, 1)?;
    let refused = || {
        let format = excerpt(format);
        EvalError::value_error(format!("`format_date` does not know the format `{format}`"))
    };
    for item in StrftimeItems::new(format) {
        cx.charge(4)?;
        if matches!(item, Item::Error) {
            return Err(refused());
        }
    }
    let mut out = Text {
        text: Builder::new(cx),
        refusal: None,
    };
    let items = StrftimeItems::new(format);
    let written = date.format_with_items(items).write_to(&mut out);
    match (written, out.refusal) {
        (Ok(()), _) => out.text.finish(),
        (Err(_), Some(refusal)) => Err(refusal),
        // Some directives are known but cannot be written.
        (Err(_), None) => Err(refused()),
    }
}

/// A text that grows within the budget.
struct Text<'a> {
    text: Builder<'a>,
    /// Why it must not grow further.
    refusal: Option<EvalError>,
}

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        self.text.push_str(more).map_err(|refusal| {
            self.refusal = Some(refusal);
            fmt::Error
        })
    }
}

#[cfg(test)]
#[path = "tests/time.rs"]
mod tests;
