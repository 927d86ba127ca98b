//! `http-request` (feature `http`): one HTTP request.
//!
//! Enters: URL, method, headers, query, body and other settings. Leaves: `status_code`, `headers`,
//! `body`, `success`, `elapsed_ms`, `url`, `attempts`; or an error that says which host did not
//! respond, or with which status. Must not know retries.

use fmc_expr::{Map, Str, Value, builtins::encode::pairs, text};
use hyper::{
    HeaderMap, Method,
    header::{
        ACCEPT, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, TE,
        TRANSFER_ENCODING, UPGRADE, USER_AGENT,
    },
};

use crate::{
    base::{
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
            retry_after_ms,
        },
        world::Moment,
    },
};

const TIMEOUT: Preset<u64> = Preset::new("timeout", 30_000);
const MAX_RESPONSE_BYTES: Preset<u64> = Preset::new("max_response_bytes", 16 << 20);
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
    let exchange = prepare(&call.settings)?;
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
    Ok(output(&answer, body.value, elapsed_ms, site.attempt))
}

fn prepare(settings: &Settings) -> Result<Exchange, Fault> {
    let url = settings.required_text("url")?;
    let method = settings.choice(&METHOD)?;
    let query = settings.object("query_params")?.map(|query| pairs(&query));
    let address = Address::new(&url, &query.unwrap_or_default())?;
    let mut headers = headers(settings)?;
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let sent = body::encode(&settings.any("body"), given);
    if let Some(kind) = sent.content_type.filter(|_| given.is_none()) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
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

fn headers(settings: &Settings) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    let given = settings.object("headers")?;
    for (name, value) in given.iter().flat_map(|given| given.iter()) {
        let field = format!("headers.{name}");
        let known = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| {
            StageError::config(format!("field `headers`: `{name}` is not a header name"))
        })?;
        // The client writes these itself, as they must fit what it sends.
        if [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, UPGRADE, TE].contains(&known) {
            continue;
        }
        let values = match value {
            Value::List(items) => items.as_slice(),
            one @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Object(_)) => std::slice::from_ref(one),
        };
        for value in values.iter().filter(|value| !value.is_null()) {
            headers.append(known.clone(), header_value(&field, value)?);
        }
    }
    for (name, value) in [
        (ACCEPT, "*/*"),
        (USER_AGENT, concat!("fmc/", env!("CARGO_PKG_VERSION"))),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    Ok(headers)
}

fn header_value(field: &str, value: &Value) -> Result<HeaderValue, Fault> {
    if matches!(value, Value::List(_) | Value::Object(_)) {
        return Err(unfit(field, "string", value));
    }
    let text = text::text(value);
    // The message does not show the value: it is probably a secret, and certainly an attack.
    let refused = || {
        StageError::config(format!(
            "field `{field}`: header values cannot have line breaks or control characters"
        ))
    };
    HeaderValue::from_bytes(text.trim_matches([' ', '\t']).as_bytes()).map_err(|_| refused())
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

fn output(answer: &Answer, body: Value, elapsed_ms: u64, attempt: u32) -> Value {
    object([
        ("status_code", Value::Int(i64::from(answer.status.as_u16()))),
        ("headers", header_object(&answer.headers)),
        ("body", body),
        ("success", Value::Bool(answer.status.is_success())),
        ("elapsed_ms", int(elapsed_ms)),
        ("url", Value::from(answer.address.uri().to_string())),
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
