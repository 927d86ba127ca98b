//! Secrets are replaced by `***` wherever a person or a log would see them.
//!
//! Enters: values of secret environment variables, then any text or value. Leaves: the same
//! with every secret replaced, also percent-encoded, JSON-escaped or in base64, also inside
//! longer text. Not used on a run's output or on requests.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use fmc_expr::{Str, Value, json};

use crate::render;

/// Shorter values are not masked: they would turn unrelated text into stars.
const SHORTEST: usize = 4;
const STARS: &str = "***";

/// What to replace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask {
    // Longest first, so that a secret that contains another goes as a whole.
    needles: Vec<String>,
}

impl Mask {
    /// Masks these values and their encoded forms.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets
            .into_iter()
            .map(str::trim)
            .filter(|one| one.len() >= SHORTEST);
        let mut needles: Vec<_> = secrets.flat_map(forms).collect();
        needles.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        needles.dedup();
        Self { needles }
    }

    /// Whether a text holds a secret.
    pub(crate) fn finds(&self, text: &str) -> bool {
        self.needles
            .iter()
            .any(|needle| text.contains(needle.as_str()))
    }

    /// Text without secrets.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut out = Cow::Borrowed(text);
        for needle in &self.needles {
            if out.contains(needle.as_str()) {
                out = Cow::Owned(out.replace(needle.as_str(), STARS));
            }
        }
        out
    }

    /// A value whose strings and keys hold no secrets.
    pub(crate) fn value(&self, value: &Value) -> Value {
        if self.needles.is_empty() {
            return value.clone();
        }
        match value {
            Value::Str(text) => match self.text(text) {
                Cow::Borrowed(_) => value.clone(),
                Cow::Owned(masked) => Value::from(masked),
            },
            Value::List(items) => Value::list(items.iter().map(|item| self.value(item)).collect()),
            Value::Object(entries) => {
                let masked = entries
                    .iter()
                    .map(|(key, item)| (Str::from(self.text(key).as_ref()), self.value(item)));
                Value::object(masked.collect())
            }
            other => other.clone(),
        }
    }
}

fn forms(secret: &str) -> [String; 5] {
    let mut quoted = String::new();
    json::write_string(&mut quoted, secret);
    let escaped = quoted.trim_matches('"').to_owned();
    let percent = render::encode(secret);
    let form = percent.replace("%20", "+");
    [
        secret.to_owned(),
        escaped,
        percent,
        form,
        STANDARD_NO_PAD.encode(secret),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_every_form() {
        let mask = Mask::new(["s3cr t\"/x", "longer s3cr t\"/x", "abc", "  "]);
        let text = [
            "plain s3cr t\"/x.",
            r#"json "s3cr t\"/x""#,
            "url ?q=s3cr%20t%22%2Fx&r=1",
            "form q=s3cr+t%22%2Fx",
            "base64 czNjciB0Ii94 end",
            "longer s3cr t\"/x",
            "abc is too short",
        ];
        insta::assert_snapshot!(mask.text(&text.join("\n")), @r#"
        plain ***.
        json "***"
        url ?q=***&r=1
        form q=***
        base64 *** end
        ***
        abc is too short
        "#);
    }

    #[test]
    fn values_are_masked_inside_and_keep_their_shape() {
        let mask = Mask::new(["1234", "true"]);
        let value = Value::from_json(br#"{"a1234":[1234,true,"x1234"],"b":null}"#).unwrap();
        assert_eq!(
            mask.value(&value).to_json(),
            r#"{"a***":[1234,true,"x***"],"b":null}"#
        );
    }
}
