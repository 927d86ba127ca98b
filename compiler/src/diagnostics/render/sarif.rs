//! SARIF 2.1.0, for code scanning.
//!
//! Enters: findings of any number of files. Leaves: one SARIF document with the rules, related
//! locations and fixes, in pieces, so that many results need not be in memory twice. Columns count
//! characters (`columnKind`). Must not know other formats.

use std::collections::BTreeSet;

use fmc_expr::outside::{link_free, message};
use serde_json::{Value, json};

use crate::{
    diagnostics::{Code, Diagnostic, Severity},
    source::{SourceMap, Span},
};

/// What comes between two results.
pub const BETWEEN: &str = ",\n";

/// What comes after the last result.
pub const END: &str = "\n]}]}\n";

/// The SARIF results of one file's findings, each on a line, with [`BETWEEN`] between them.
#[must_use]
pub fn results<'f>(
    findings: impl IntoIterator<Item = &'f Diagnostic>,
    sources: &SourceMap,
) -> String {
    let mut out = String::new();
    for found in findings {
        if !out.is_empty() {
            out.push_str(BETWEEN);
        }
        out.push_str(&result(found, sources).to_string());
    }
    out
}

/// What comes before the first result: the rules of all codes that a result names.
#[must_use]
pub fn start(named: &BTreeSet<&str>) -> String {
    let rules: Vec<_> = Code::ALL
        .iter()
        .filter(|code| named.contains(code.code()))
        .map(|code| rule(*code))
        .collect();
    let tool = json!({"driver": {
        "name": "fmc",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    }});
    format!(
        "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
         \"runs\":[{{\"tool\":{tool},\"columnKind\":\"unicodeCodePoints\",\"results\":[\n"
    )
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.code(),
        "name": code.name(),
        "shortDescription": {"text": code.summary()},
        "help": {"text": code.page(), "markdown": code.page()},
        "helpUri": code.url(),
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

/// A sentence, in which nothing is a link.
fn told(sentence: &str) -> String {
    link_free(&message(sentence)).into_string()
}

fn level(severity: Severity) -> &'static str {
    severity.name()
}

fn result(found: &Diagnostic, sources: &SourceMap) -> Value {
    let mut text = told(&found.message);
    for help in &found.help {
        text.push('\n');
        text.push_str(&told(help));
    }
    let mut result = json!({
        "ruleId": found.code.code(),
        "level": level(found.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": location(found.primary.span, sources)}],
    });
    let related: Vec<_> = (0..)
        .zip(&found.related)
        .map(|(id, label)| {
            json!({
                "id": id,
                "message": {"text": told(&label.message)},
                "physicalLocation": location(label.span, sources),
            })
        })
        .collect();
    let Some(object) = result.as_object_mut() else {
        return result;
    };
    if !related.is_empty() {
        object.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    if let Some(fix) = &found.fix {
        // All edits of a fix are in the file of the finding.
        let replacements: Vec<_> = fix
            .edits
            .iter()
            .map(|edit| {
                json!({
                    "deletedRegion": region(edit.span, sources),
                    "insertedContent": {"text": edit.text},
                })
            })
            .collect();
        let fix = json!({
            "description": {"text": told(&fix.title)},
            "artifactChanges": [{
                "artifactLocation": artifact(found.primary.span, sources),
                "replacements": replacements,
            }],
        });
        object.insert("fixes".to_owned(), Value::Array(vec![fix]));
    }
    result
}

fn location(span: Span, sources: &SourceMap) -> Value {
    json!({
        "artifactLocation": artifact(span, sources),
        "region": region(span, sources),
    })
}

fn artifact(span: Span, sources: &SourceMap) -> Value {
    let path = sources.get(span.file).map_or("", |file| &file.path);
    json!({"uri": uri(path)})
}

fn region(span: Span, sources: &SourceMap) -> Value {
    let Some(file) = sources.get(span.file) else {
        return json!({"startLine": 1});
    };
    let start = file.lines.position(&file.text, span.start);
    let end = file.lines.position(&file.text, span.end);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{END, results, start};
    use crate::{source::SourceMap, syntax::parse_file};

    #[test]
    fn rules_related_locations_and_fixes() {
        let mut sources = SourceMap::new();
        let id = sources.add("päth/a b.json", "{\"é\": 1,\n \"é\": 2,}");
        let (_, findings) = parse_file(id, sources.get(id).unwrap());
        let named = findings.iter().map(|found| found.code.code()).collect();
        let document = start(&named) + &results(&findings, &sources) + END;
        let mut document: Value = serde_json::from_str(&document).unwrap();
        // The pages are tested elsewhere, so they are left out here.
        for rule in document
            .pointer_mut("/runs/0/tool/driver/rules")
            .unwrap()
            .as_array_mut()
            .unwrap()
        {
            rule.as_object_mut().unwrap().remove("help");
        }
        insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
    }
}
