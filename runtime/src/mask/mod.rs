//! Secrets are replaced by `***` wherever a person or a log would see them.
//!
//! Enters: values of secret environment variables, then any text or value. Leaves: the same
//! with every secret replaced, also encoded, also inside longer text, also the beginning of
//! one where a message was cut (`…`). Not used on a run's output or on requests.

mod forms;

use std::{borrow::Cow, ops::Range};

use fmc_expr::{Str, Value};

use forms::{Needle, forms};

const STARS: &str = "***";

/// What stands where a message was cut: [`crate::settings::cut`] and `fmc_expr` write it.
const CUT: &str = "…";

/// What to replace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask {
    needles: Vec<Needle>,
}

impl Mask {
    /// Masks these values and their encoded forms.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().map(str::trim);
        let mut needles: Vec<_> = secrets.flat_map(forms).collect();
        needles.sort_unstable();
        needles.dedup();
        Self { needles }
    }

    /// Whether a text holds a secret.
    pub(crate) fn finds(&self, text: &str) -> bool {
        !self.ranges(text).is_empty()
    }

    /// Text without secrets.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let ranges = self.ranges(text);
        if ranges.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for range in ranges {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(STARS);
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// A value without secrets: in strings and keys, and numbers that are one.
    pub(crate) fn value(&self, value: &Value) -> Value {
        self.masked(value, true)
    }

    /// A value whose strings and keys hold no secrets; its numbers are facts of the run.
    pub(crate) fn strings(&self, value: &Value) -> Value {
        self.masked(value, false)
    }

    fn masked(&self, value: &Value, numbers: bool) -> Value {
        if self.needles.is_empty() {
            return value.clone();
        }
        match value {
            Value::Str(text) => match self.text(text) {
                Cow::Borrowed(_) => value.clone(),
                Cow::Owned(masked) => Value::from(masked),
            },
            Value::List(items) => {
                let masked = items.iter().map(|item| self.masked(item, numbers));
                Value::list(masked.collect())
            }
            Value::Object(entries) => {
                let masked = entries.iter().map(|(key, item)| {
                    let key = Str::from(self.text(key).as_ref());
                    (key, self.masked(item, numbers))
                });
                Value::object(masked.collect())
            }
            Value::Int(_) | Value::Float(_) if numbers && self.is_one(&value.to_json()) => {
                Value::from(STARS)
            }
            other => other.clone(),
        }
    }

    fn is_one(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| needle.text == text)
    }

    /// Where secrets stand, in order, overlapping ones as one.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let whole = self.needles.iter().flat_map(|needle| needle.find(text));
        let mut found: Vec<_> = whole.collect();
        for (at, _) in text.match_indices(CUT) {
            let before = text.get(..at).unwrap_or_default();
            let begun = self.needles.iter();
            found.extend(begun.filter_map(|needle| needle.find_begun(before)));
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match apart.last_mut().filter(|last| range.start < last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => apart.push(range),
            }
        }
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(secrets: &[&str], lines: &[&str]) -> String {
        let mask = Mask::new(secrets.iter().copied());
        mask.text(&lines.join("\n")).into_owned()
    }

    #[test]
    fn secrets_are_masked_in_every_form() {
        let lines = [
            "plain s3cr t\"/x.",
            r#"json "s3cr t\"/x""#,
            r#"json in json "{\"a\":\"s3cr t\\\"/x\"}""#,
            "url ?q=s3cr%20t%22%2Fx&r=1 or ?q=s3cr%20t%22%2fx",
            "form q=s3cr+t%22%2Fx",
            "base64 czNjciB0Ii94 end",
            "longer s3cr t\"/x",
        ];
        insta::assert_snapshot!(masked(&["s3cr t\"/x", "longer s3cr t\"/x", "  "], &lines), @r#"
        plain ***.
        json "***"
        json in json "{\"a\":\"***\"}"
        url ?q=***&r=1 or ?q=***
        form q=***
        base64 *** end
        ***
        "#);
    }

    #[test]
    fn base64_of_longer_text_is_masked_as_a_whole() {
        use base64::{Engine, engine::general_purpose::STANDARD};
        for user in ["", "u", "me", "you", "someone"] {
            for after in ["", "!", "!!", " and more"] {
                let text = STANDARD.encode(format!("{user}:hunter22{after}"));
                let line = format!("Authorization: Basic {text}, sent");
                let masked = masked(&["hunter22"], &[&line]);
                assert_eq!(masked, "Authorization: Basic ***, sent", "{text}");
            }
        }
    }

    #[test]
    fn short_secrets_are_masked_where_they_stand_alone() {
        let lines = ["pin=x7Q, \"x7Q\" x7Q", "x7Qs 1x7Q _x7Q", "x7", "q?p=%25-"];
        insta::assert_snapshot!(masked(&["x7Q", "%"], &lines), @r#"
        pin=***, "***" ***
        x7Qs 1x7Q _x7Q
        x7
        q?p=***-
        "#);
    }

    #[test]
    fn the_lines_of_a_key_are_masked_each() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\r\n  kqhkiG9w0BAQ==\nab\n-----END KEY-----";
        let lines = ["bad line MIIEvQIBADANBg", "kqhkiG9w0BAQ==", "ab", key];
        insta::assert_snapshot!(masked(&[key], &lines), @r"
        bad line ***
        ***
        ab
        ***
        ");
    }

    #[test]
    fn the_parts_of_an_address_that_messages_show_are_masked() {
        let hook = "https://u:p@hooks.example:8443/services/T0/B0/xyz?k=v";
        let lines = [
            "`POST hooks.example:8443/services/T0/B0/xyz` answered 500",
            "Cannot POST /services/T0/B0/xyz?k=v",
            "hooks.example is fine",
        ];
        insta::assert_snapshot!(masked(&[hook], &lines), @r"
        `POST ***` answered 500
        Cannot POST ***
        hooks.example is fine
        ");
    }

    #[test]
    fn the_beginning_of_a_secret_is_masked_where_a_message_was_cut() {
        let secret = "eyJhbGci/Oi\"J9.payload.signature";
        let lines = [
            "found `string` \"eyJhbGci/Oi\\\"J9.pa…",
            "found `eyJhbGci%2FOi%22J9.…`",
            "found `eyJ…`, `eyJh…`",
            "ZXlKaGJHY2kv…",
            "eyJhbGci without a mark",
        ];
        insta::assert_snapshot!(masked(&[secret], &lines), @r#"
        found `string` "***…
        found `***…`
        found `eyJ…`, `***…`
        ***…
        eyJhbGci without a mark
        "#);
    }

    #[test]
    fn values_are_masked_inside_and_keep_their_shape() {
        let mask = Mask::new(["1234", "true"]);
        let value = Value::from_json(br#"{"a1234":[1234,true,"x1234",12345],"b":null}"#).unwrap();
        assert_eq!(
            mask.value(&value).to_json(),
            r#"{"a***":["***",true,"x***",12345],"b":null}"#
        );
        assert_eq!(
            mask.strings(&value).to_json(),
            r#"{"a***":[1234,true,"x***",12345],"b":null}"#
        );
    }
}
