//! `http-request` (feature `http`): one HTTP request.
//!
//! Enters: URL, method, headers, query, body and other settings. Leaves: `status_code`, `headers`,
//! `body`, `success`, `elapsed_ms`, `url`, `attempts`; or an error that says which host did not
//! respond, or with which status. Must not know retries.

use std::borrow::Cow;

use fmc_expr::{
    Cx, ErrorKind, EvalError, Map, Object, Str, Value, builtins::encode::each_pair, text,
};
use hyper::{
    HeaderMap, Method,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT},
};

use crate::{
    base::{
        excerpt::cut,
        fault::{ErrorType, Fault, Outcome, StageError},
        object::{int, object},
        preset::{Choice, Preset},
        settings::{Settings, unfit},
    },
    component::contract::{Call, Component, Work},
    host::{
        http::{
            address::Address,
            body,
            exchange::{Answer, Exchange},
            headers::Headers,
            retry_after_ms, unpack,
        },
        world::Moment,
    },
    run::site::Site,
};

const TIMEOUT: Preset<u64> = Preset::new("timeout", 30_000);
const MAX_RESPONSE_BYTES: Preset<u64> = Preset::new("max_response_bytes", 16 << 20);
/// How many bytes path and query of a URL can have: as many as in `hyper`.
const LONGEST_TARGET: usize = u16::MAX as usize - 1;
/// How much of a refusing server's response an error includes.
const ERROR_BODY_BYTES: usize = 4 << 10;

const METHOD: Choice<Method> = Choice {
    name: "method",
    words: &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"],
    meanings: &[
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
    ],
    usual: 0,
};
const VERIFY_SSL: Preset<bool> = Preset::new("verify_ssl", true);

/// `http-request`
pub static HTTP_REQUEST: Component = Component {
    name: "http-request",
    side_effect: true,
    presets: &[
        METHOD.row(),
        VERIFY_SSL.row(),
        TIMEOUT.row(),
        MAX_RESPONSE_BYTES.row(),
    ],
    run: |call| Work::Task(Box::pin(async { Work::Done(run(call).await) })),
    preflight: None,
};

async fn run(call: Call) -> Outcome {
    let site = &call.site;
    let world = &site.run.world;
    // Texts are made of all settings: the URL, the headers, the body.
    site.measure(call.settings.whole())?;
    let exchange = prepare(site, &call.settings)?;
    let decides = call.settings.boolean("fail_on_status")?;
    let what = format!("{} {}", exchange.method, exchange.address);
    let started = world.moment();
    let mut answer = exchange.run(&site.run.network).await?;
    let now = world.moment();
    let failing = answer.status.as_u16() >= 400;
    let is_data = match decides {
        Some(fails) => !fails,
        None => site.status_observed,
    };
    // Before the last attempt, a failing status is an error even if the pipeline reads it, so that
    // the request is repeated.
    if failing && !(is_data && site.last_attempt) {
        return Err(refused(&what, &answer, now));
    }
    let body = std::mem::take(&mut answer.body);
    let body = body::decode(body, &answer.headers, &site.budget.deadline).await;
    if let Some(complaint) = &body.complaint {
        site.warn(complaint);
    }
    let elapsed_ms = now.since(started);
    // What a secret made of the address is not data.
    let url = answer.address.uri().to_string();
    let masked = site.run.network.mask.text_within(Some(site.cx()), &url);
    let masked = masked.map_err(|error| StageError::expression(error.to_string()))?;
    let url = masked.into_owned();
    Ok(output(&answer, url, body.value, elapsed_ms, site.attempt))
}

fn prepare(site: &Site, settings: &Settings) -> Result<Exchange, Fault> {
    let url = settings.required_text("url")?;
    let method = settings.choice(&METHOD)?;
    let query = settings.object(site.cx(), "query_params")?;
    let query = parameters(site.cx(), &url, &query.unwrap_or_default());
    let query = query.map_err(|error| match error.kind {
        ErrorKind::Value => StageError::config(format!("field `url`: cannot be used: {error}")),
        ErrorKind::Type | ErrorKind::Limit | ErrorKind::Stopped => {
            StageError::expression(error.to_string())
        }
    })?;
    let address = Address::new(&url, &query)?;
    let mut headers = headers(site, settings)?;
    let sent = body::encode(site.cx(), &settings.any("body"), headers.get(&CONTENT_TYPE));
    let sent = sent.map_err(|error| StageError::expression(error.to_string()))?;
    if let Some(kind) = sent.content_type {
        headers.usual(CONTENT_TYPE, kind);
    }
    let follow = settings.boolean("follow_redirects")?;
    Ok(Exchange {
        follow: follow.unwrap_or(method == Method::GET || method == Method::HEAD),
        method,
        address,
        headers,
        body: sent.bytes,
        verify: settings.flag(VERIFY_SSL)?,
        timeout_ms: settings.positive_or(TIMEOUT)?,
        max_bytes: settings.positive_or(MAX_RESPONSE_BYTES)?,
    })
}

/// The query parameters, unless path and query are longer than those of any URL. Nothing is escaped
/// for a URL that cannot be used.
fn parameters(cx: &Cx, url: &str, query: &Object) -> Result<Vec<(String, String)>, EvalError> {
    let too_long = || EvalError::value_error("uri too long");
    let (_, rest) = url.trim().split_once("://").unwrap_or_default();
    let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
    let path = rest.find(['/', '?']).and_then(|at| rest.get(at..));
    let mut length = path.unwrap_or_default().len();
    if length > LONGEST_TARGET {
        return Err(too_long());
    }
    let mut pairs = Vec::new();
    each_pair(cx, query, |key, value| {
        // With the `=` between them; escapes make it only longer.
        length += key.len() + value.len() + 1;
        if length > LONGEST_TARGET {
            return Err(too_long());
        }
        pairs.push((key.to_owned(), value.to_owned()));
        Ok(())
    })?;
    Ok(pairs)
}

fn headers(site: &Site, settings: &Settings) -> Result<Headers, Fault> {
    let mut headers = Headers::default();
    let given = settings.object(site.cx(), "headers")?;
    for (name, value) in given.iter().flat_map(|given| given.iter()) {
        let values = match value {
            Value::List(items) => items.as_slice(),
            one @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Object(_)) => std::slice::from_ref(one),
        };
        let values = values.iter().filter(|value| !value.is_null());
        let values = values.map(|value| header_value(name, value));
        let values: Vec<_> = values.collect::<Result<_, _>>()?;
        headers.add(name, values.iter().map(AsRef::as_ref))?;
    }
    headers.usual(ACCEPT, "*/*");
    headers.usual(ACCEPT_ENCODING, unpack::ACCEPTED);
    headers.usual(USER_AGENT, concat!("fmc/", env!("CARGO_PKG_VERSION")));
    Ok(headers)
}

fn header_value<'a>(name: &str, value: &'a Value) -> Result<Cow<'a, str>, Fault> {
    match value {
        Value::List(_) | Value::Object(_) => Err(unfit(
            &format!("headers.{}", cut(name, 60)),
            "string",
            value,
        )),
        Value::Str(text) => Ok(Cow::Borrowed(text)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
            Ok(Cow::Owned(text::text(value).to_string()))
        }
    }
}

/// The error for a failing status that is not data.
pub(crate) fn refused(what: &str, answer: &Answer, now: Moment) -> Fault {
    let reason = answer.status.canonical_reason().unwrap_or_default();
    let message = format!("`{what}` answered {} {reason}", answer.status.as_u16());
    let mut fault = StageError::new(ErrorType::HttpStatus, message.trim_end());
    fault.status_code = Some(answer.status.as_u16());
    fault.retry_after_ms = retry_after_ms(&answer.headers, now);
    fault.body = Some(beginning(&answer.body.bytes));
    fault
}

/// The first 4 KiB of a response, and a mark if there is more.
fn beginning(body: &[u8]) -> String {
    match body.get(..ERROR_BODY_BYTES) {
        Some(start) if start.len() < body.len() => {
            let text = body::characters(start, None);
            // The cut may be in the middle of a character.
            format!("{}…", text.trim_end_matches('\u{fffd}'))
        }
        _ => body::characters(body, None),
    }
}

fn output(answer: &Answer, url: String, body: Value, elapsed_ms: u64, attempt: u32) -> Value {
    object([
        ("status_code", Value::Int(i64::from(answer.status.as_u16()))),
        ("headers", header_object(&answer.headers)),
        ("body", body),
        ("success", Value::Bool(answer.status.is_success())),
        ("elapsed_ms", int(elapsed_ms)),
        ("url", Value::from(url)),
        ("attempts", Value::Int(i64::from(attempt))),
    ])
}

/// Headers as an object. Names are in lower case; several values of one name are joined by commas.
fn header_object(headers: &HeaderMap) -> Value {
    let mut object = Map::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| body::characters(value.as_bytes(), None))
            .collect();
        object.insert(Str::from(name.as_str()), Value::from(values.join(", ")));
    }
    Value::object(object)
}

#[cfg(test)]
#[path = "tests/http_request.rs"]
mod tests;
