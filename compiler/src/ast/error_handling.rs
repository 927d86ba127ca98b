//! `error_handling` of a stage, and its aliases `retry_config` and a stage-level `on_error`.
//!
//! Enters: the object of a stage. Leaves: one [`ErrorHandling`], however it was written, and
//! findings about its shape. Must not know when retries happen.

use super::{
    ErrorHandling, OnError, Spanned,
    read::{self, KeyTable, Object, aliased, field},
};
use crate::{
    diagnostics::{Code, Diagnostic, Found, suggest},
    syntax::tree::{Entry, Node, NodeKind},
};

const SHAPE: KeyTable = KeyTable {
    what: "`error_handling`",
    noun: "field",
    unknown: Code::UnknownField,
    required: &[],
    fields: &[
        field("on_error"),
        field("max_retries"),
        aliased("retry_delay", &["retry_delay_ms"]),
        field("backoff_multiplier"),
        aliased("max_delay", &["max_delay_ms"]),
    ],
};

const RETRY_CONFIG: KeyTable = KeyTable {
    what: "`retry_config`",
    noun: "field",
    unknown: Code::UnknownField,
    required: &[],
    fields: &[
        field("max_retries"),
        aliased("initial_delay_ms", &["backoff_ms"]),
        field("backoff_multiplier"),
        field("max_delay_ms"),
    ],
};

/// The words that `on_error` takes.
const ON_ERROR: &[(&str, OnError)] = &[
    ("fail", OnError::Fail),
    ("propagate", OnError::Fail),
    ("continue", OnError::Continue),
    ("retry", OnError::Retry),
];

/// Reads what a stage says about its own failures.
pub(super) fn read(stage: &Object<'_>, findings: &mut Found) -> ErrorHandling {
    let aliases = [stage.entry("retry_config"), stage.entry("on_error")];
    if let Some(entry) = stage.entry("error_handling") {
        for alias in aliases.into_iter().flatten() {
            findings.push(read::alias_beside(entry, alias, "error_handling"));
        }
        return canonical(entry, findings);
    }
    let [retry, on_error] = aliases;
    let on_error = on_error.and_then(|entry| parse_on_error(&entry.value, findings));
    match retry {
        Some(entry) => retry_config(entry, on_error, findings),
        None => ErrorHandling { on_error, ..none() },
    }
}

fn none() -> ErrorHandling {
    ErrorHandling {
        on_error: None,
        max_retries: None,
        retry_delay: None,
        backoff_multiplier: None,
        max_delay: None,
    }
}

fn canonical(entry: &Entry, findings: &mut Found) -> ErrorHandling {
    let NodeKind::Object(entries) = &entry.value.kind else {
        read::wrong_type("error_handling", "an object", &entry.value, findings);
        return none();
    };
    let object = Object::read(&SHAPE, entries, findings);
    ErrorHandling {
        on_error: object
            .value("on_error")
            .and_then(|node| parse_on_error(node, findings)),
        max_retries: retries(&object, findings),
        retry_delay: delay(&object, "retry_delay", findings),
        backoff_multiplier: multiplier(&object, findings),
        max_delay: delay(&object, "max_delay", findings),
    }
}

/// `retry_config` asks for retries; `on_error` says what happens after the last one failed.
fn retry_config(
    entry: &Entry,
    on_error: Option<Spanned<OnError>>,
    findings: &mut Found,
) -> ErrorHandling {
    let NodeKind::Object(entries) = &entry.value.kind else {
        read::wrong_type("retry_config", "an object", &entry.value, findings);
        return ErrorHandling { on_error, ..none() };
    };
    let object = Object::read(&RETRY_CONFIG, entries, findings);
    let continues = on_error
        .as_ref()
        .is_some_and(|on_error| on_error.value == OnError::Continue);
    ErrorHandling {
        on_error: if continues {
            on_error
        } else {
            Some(Spanned {
                value: OnError::Retry,
                span: entry.key.inner(),
            })
        },
        max_retries: retries(&object, findings),
        retry_delay: delay(&object, "initial_delay_ms", findings),
        backoff_multiplier: multiplier(&object, findings),
        max_delay: delay(&object, "max_delay_ms", findings),
    }
}

fn retries(object: &Object<'_>, findings: &mut Found) -> Option<Spanned<u32>> {
    let node = object.value("max_retries")?;
    let Spanned { value, span } = read::whole("max_retries", node, findings)?;
    if let Ok(value) = u32::try_from(value) {
        return Some(Spanned { value, span });
    }
    findings.push(Diagnostic::new(
        Code::WrongValue,
        span,
        format!("`max_retries` takes at most {}, found {value}", u32::MAX),
    ));
    None
}

fn delay(object: &Object<'_>, name: &str, findings: &mut Found) -> Option<Spanned<u64>> {
    read::whole(name, object.value(name)?, findings)
}

fn multiplier(object: &Object<'_>, findings: &mut Found) -> Option<Spanned<f64>> {
    let name = "backoff_multiplier";
    read::number(name, object.value(name)?, findings)
}

fn parse_on_error(node: &Node, findings: &mut Found) -> Option<Spanned<OnError>> {
    let word = read::literal("on_error", node, findings)?;
    let known = |name: &str| ON_ERROR.iter().find(|(known, _)| *known == name);
    if let Some((_, value)) = known(&word.value) {
        return Some(Spanned {
            value: *value,
            span: word.span,
        });
    }
    let names = || ON_ERROR.iter().map(|(name, _)| *name);
    let near = suggest::nearest(&word.value, names());
    let message = format!("`on_error` does not take `{}`", word.value);
    findings.push(
        Diagnostic::new(Code::WrongValue, word.span, message)
            .known("it takes", names())
            .guessed(near, [word.span], |found| found)
            .safe_if_same_but_for_style(&word.value),
    );
    known(near?).map(|(_, value)| Spanned {
        value: *value,
        span: word.span,
    })
}
