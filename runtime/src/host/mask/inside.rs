//! The parts of a secret that holds several: JSON, like the key of a service account, and the pairs
//! of a connection string.
//!
//! Enters: a secret. Leaves: the texts in it that are long enough to be secrets by themselves. Must
//! not know how they are looked for.

use fmc_expr::Value;

use super::sizes::LONG;

/// The strings of JSON, or the values of `key=value;key=value`.
pub(super) fn texts(secret: &str) -> Vec<String> {
    let mut texts = if secret.starts_with(['{', '[', '"']) {
        Value::from_json(secret.as_bytes()).map_or(Vec::new(), |json| strings(&json))
    } else {
        values(secret)
    };
    texts.retain(|text| text.chars().count() >= LONG);
    texts
}

fn strings(json: &Value) -> Vec<String> {
    let (mut strings, mut left) = (Vec::new(), vec![json]);
    while let Some(value) = left.pop() {
        match value {
            Value::Str(text) => strings.push(text.trim().to_owned()),
            Value::List(items) => left.extend(items.iter()),
            Value::Object(entries) => left.extend(entries.iter().map(|(_, item)| item)),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
        }
    }
    strings
}

/// The values of pairs, which have `;` or, as in `host=db password=…`, white space between them.
fn values(secret: &str) -> Vec<String> {
    let has_semicolon = secret.contains(';');
    let is_apart = |char: char| {
        if has_semicolon {
            char == ';'
        } else {
            char.is_whitespace()
        }
    };
    let is_name = |char: char| char.is_alphanumeric() || " _-.".contains(char);
    let pairs = secret.split(is_apart).filter_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!key.is_empty() && key.chars().all(is_name)).then(|| value.to_owned())
    });
    pairs.collect()
}
